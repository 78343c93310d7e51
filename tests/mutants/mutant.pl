#!/usr/bin/perl
# mutant.pl list LIST                 names and rules, one mutant a line
# mutant.pl check LIST TREE           does each one's text stand in its file exactly once?
# mutant.pl apply LIST NAME TREE      change the file; mutant.pl says LIST NAME: its sentence
use strict;
use warnings;

my ($verb, $list, @arguments) = @ARGV;
die "usage: mutant.pl list|check|apply|says LIST [NAME] [TREE]\n" unless $verb && $list;
my (@mutants, $now, $into);
open my $f, '<', $list or die "$list: $!\n";
while (my $line = <$f>) {
    if ($line =~ /^=== (was|is|end)$/) {
        $into = $1 eq 'end' ? undef : $1;
    } elsif ($into) {
        $now->{$into} .= $line;
    } elsif ($line =~ /^name (\S+)$/) {
        push @mutants, $now = {name => $1, was => '', is => ''};
    } elsif ($line =~ /^(says|rule|file) (.+)$/) {
        $now->{$1} = $2;
    } elsif ($line !~ /^(#|$)/) {
        die "$list:$.: neither a key nor text\n";
    }
}
sub content { my ($path) = @_; local $/; open my $in, '<', $path or die "$path: $!\n"; return <$in>; }
sub count { my ($text, $part) = @_; my ($n, $at) = (0, -1); $n++ while ($at = index($text, $part, $at + 1)) >= 0; return $n; }

if ($verb eq 'list') {
    print "$_->{name} $_->{rule}\n" for @mutants;
} elsif ($verb eq 'check') {
    my $broken = 0;
    for my $m (@mutants) {
        my $n = count(content("$arguments[0]/$m->{file}"), $m->{was});
        print "$m->{name}: its text stands $n times in $m->{file}\n" if $n != 1;
        $broken ||= $n != 1;
    }
    exit($broken ? 1 : 0);
} else {
    my ($name, $tree) = @arguments;
    my ($m) = grep { $_->{name} eq $name } @mutants;
    die "no mutant $name\n" unless $m;
    if ($verb eq 'says') { print "$m->{says}\n"; exit 0; }
    my $path = "$tree/$m->{file}";
    my $text = content($path);
    die "$name: its text is not there exactly once\n" if count($text, $m->{was}) != 1;
    my $at = index($text, $m->{was});
    substr($text, $at, length $m->{was}) = $m->{is};
    open my $out, '>', $path or die "$path: $!\n";
    print $out $text;
}
