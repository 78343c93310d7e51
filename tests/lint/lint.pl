#!/usr/bin/perl
# lint.pl - rules about the tree that a compiler does not check.  One rule a test:
#   lint.pl layers  SOURCE              who may include whom; a library's header in one file
#   lint.pl sizes   SOURCE              functions, lines, headers, sources
#   lint.pl words   SOURCE              what must not be left in, or called in tests
#   lint.pl symbols ALLOW ARCHIVE...    undefined symbols of the cores against a list
use strict;
use warnings;
use utf8;
use open qw(:std :encoding(UTF-8));

my ($rule, @arguments) = @ARGV;
my $failures = 0;

sub fail { print "@_\n"; $failures++; }

sub sources {
    my ($root) = @_;
    my @files = split /\n/, `cd '$root' && find proto gate server sim tests -name '*.[ch]' | sort`;
    die "no sources below $root\n" unless @files;
    return @files;
}

sub lines_of { my ($path) = @_; open my $f, '<', $path or die "$path: $!\n"; my @l = <$f>; chomp @l; return @l; }

# The layer of a file is the first row that fits; it may include what its row lists, and itself.
my @layers = (
    ['proto/base/',    qw()],
    ['proto/crypto/',  qw(proto/base/)],
    ['proto/tariff/',  qw(proto/base/ proto/crypto/ proto/)],
    ['proto/io/',      qw(proto/)],
    ['proto/cli/',     qw(proto/)],
    ['proto/',         qw(proto/base/ proto/crypto/ proto/tariff/)],
    ['gate/core/',     qw(proto/base/ proto/crypto/ proto/tariff/ proto/)],
    ['gate/io/',       qw(proto/ gate/core/ gate/console/)],
    ['gate/console/',  qw(proto/ gate/core/ gate/io/)],
    ['gate/',          qw(proto/ gate/)],
    ['server/core/',   qw(proto/base/ proto/crypto/ proto/tariff/ proto/)],
    ['server/store/',  qw(proto/ server/core/)],
    ['server/bank/',   qw(proto/ server/core/)],
    ['server/app/',    qw(proto/ server/core/ server/store/ server/bank/)],
    ['server/office/', qw(proto/ server/core/ server/store/ server/bank/ server/app/)],
    ['server/api/',    qw(proto/ server/core/ server/store/ server/app/ server/office/ server/web/)],
    ['server/web/',    qw(proto/ server/core/ server/store/ server/app/ server/office/ server/api/)],
    ['server/io/',     qw(proto/ server/core/ server/store/ server/bank/ server/app/ server/office/)],
    ['server/',        qw(proto/ server/)],
    ['sim/main.c',     qw(proto/ sim/)],
    ['sim/live/',      qw(proto/ sim/)],
    ['sim/',           qw(proto/ gate/core/ server/core/ server/app/ server/store/)],
    ['tests/',         qw(proto/ gate/ server/ sim/)],
);
# A core sees the pure parts of proto only.
my @pure = qw(proto/base/ proto/crypto/ proto/tariff/ gate/core/ server/core/);
# Headers of libraries: in one .c of each component, and there under one of these rooms.
my $rooms = qr{^(?:proto/(?:io|crypto)|gate/io|server/(?:io|store)|sim/live)/};
my $library = qr{^(?:sqlite3|MQTTAsync|MQTTClient|modbus/.*|modbus|microhttpd|curl/.*|jansson|yaml|sodium|qrencode|png|zlib|expat|libpq-fe|systemd/.*|xlsxwriter)\.h$};

sub layer_of {
    my ($file) = @_;
    for my $row (@layers) { return $row if index($file, $row->[0]) == 0; }
    die "$file: no layer\n";
}

sub lint_layers {
    my ($root) = @_;
    my %users;
    for my $file (sources($root)) {
        my $row = layer_of($file);
        my ($component) = split m{/}, $file;
        my $number = 0;
        for my $line (lines_of("$root/$file")) {
            $number++;
            if ($line =~ /^\s*#\s*include\s*<([^>]+)>/) {
                my $header = $1;
                next unless $header =~ $library && $component ne 'tests';
                $users{"$component $header"}{$file} = 1;
                fail("$file:$number: <$header> outside io/, store/ or live/") if $file !~ $rooms;
                fail("$file:$number: <$header> in a header of ours") if $file =~ /\.h$/;
            }
            next unless $line =~ /^\s*#\s*include\s*"([^"]+)"/;
            my $header = $1;
            next if $header =~ m{^generated/};
            if ($header !~ m{^(?:proto|gate|server|sim|tests)/}) {
                fail("$file:$number: \"$header\" is not named from the root");
                next;
            }
            my $target = layer_of($header)->[0];
            next if $target eq $row->[0];
            my ($home, @allowed) = @$row;
            my $fits = grep { $target eq $_ || ($_ =~ m{^(?:proto|gate|server|sim)/$} && index($target, $_) == 0) } @allowed;
            my $is_core = grep { $home eq $_ } @pure, 'proto/';
            $fits = 0 if $is_core && $target =~ m{^proto/(?:io|cli)/};
            $fits = 0 if $target =~ m{^sim/} && $component ne 'tests' && $component ne 'sim';
            fail("$file:$number: $home may not include $target ($header)") unless $fits;
        }
    }
    for my $key (sort keys %users) {
        my @files = sort keys %{ $users{$key} };
        fail("$key is included by more than one file: @files") if @files > 1;
    }
}

sub exceptions {
    my ($root) = @_;
    my %exceptions;
    for my $line (lines_of("$root/tests/lint/exceptions.txt")) {
        next if $line =~ /^\s*(?:#|$)/;
        my ($rule_name, $file, $reason) = split /\s+/, $line, 3;
        die "exceptions.txt: '$line' has no reason\n" unless $reason;
        $exceptions{"$rule_name $file"} = 1;
    }
    return %exceptions;
}

sub lint_sizes {
    my ($root) = @_;
    my %allowed = exceptions($root);
    for my $file (sources($root)) {
        my @lines = lines_of("$root/$file");
        my $count = @lines;
        fail("$file: $count lines; a header has at most 250")
            if $file =~ /\.h$/ && $count > 250 && !$allowed{"length $file"};
        fail("$file: $count lines; a source has at most 1000")
            if $file =~ /\.c$/ && $count > 1000 && !$allowed{"length $file"};
        my ($start, $name, $number) = (0, '', 0);
        my $previous = '';
        for my $line (@lines) {
            $number++;
            fail("$file:$number: " . length($line) . " columns; a line has at most 100")
                if length($line) > 100 && !$allowed{"columns $file"};
            if ($line eq '{') { ($start, $name) = ($number, $previous); }
            if ($line eq '}' && $start) {
                my $size = $number - $start - 1;
                fail("$file:$start: $size lines; a function has at most 70: $name")
                    if $size > 70 && !$allowed{"function $file"};
                $start = 0;
            }
            $previous = $line if $line =~ /\S/;
        }
    }
}

# Two draws in one call: which comes first is the compiler's choice, and a seed is another world with clang.
sub lint_draws {
    my ($root) = @_;
    for my $file (grep { m{^sim/.*\.c$} } sources($root)) {
        my $text = join "\n", lines_of("$root/$file");
        while ($text =~ /([^;{}]*);/g) {
            my $statement = $1;
            my $draws = () = $statement =~ /\b(?:prng_(?:u64|range|chance)|pick\w*|digits|magnitude)\s*\(/g;
            $statement =~ s/\s+/ /g;
            fail("$file: two draws in one call: $statement") if $draws > 1 && $statement !~ /[?]|&&|\|\|/;
        }
    }
}

sub lint_words {
    my ($root) = @_;
    lint_draws($root);
    my %allowed = exceptions($root);
    for my $file (sources($root)) {
        my $number = 0;
        for my $line (lines_of("$root/$file")) {
            $number++;
            fail("$file:$number: left unfinished: $line") if $line =~ /\b(?:TODO|FIXME|XXX|HACK)\b/;
            fail("$file:$number: <assert.h> is not used; must() stays on") if $line =~ /#\s*include\s*<assert\.h>/;
            fail("$file:$number: a clock is read in proto/io/clock_os.c only")
                if $line =~ /\b(?:clock_gettime|gettimeofday)\s*\(/ && !$allowed{"clock $file"};
            fail("$file:$number: waiting is done on a mailbox, not by sleeping")
                if $line =~ /\bnanosleep\s*\(/ && !$allowed{"sleep $file"};
            fail("$file:$number: no wall clock, sleep or socket in these tests")
                if $file =~ m{^tests/(?:scenario|sim)/} && $line =~ /\b(?:clock_wall|socket|nanosleep|poll)\s*\(/;
        }
    }
}

sub lint_symbols {
    my ($allow, @archives) = @_;
    my %allowed;
    for my $line (lines_of($allow)) { $allowed{$1} = 1 if $line =~ /^\s*([A-Za-z_]\w*)/; }
    my (%defined, %wanted);
    for my $archive (@archives) {
        my $object = $archive;
        for my $line (split /\n/, `nm -A '$archive'`) {
            next unless $line =~ /^(\S+):\s*[0-9a-f]*\s*([A-Za-z])\s+(\S+)$/;
            my ($where, $kind, $symbol) = ($1, $2, $3);
            if ($kind eq 'U') { $wanted{$symbol}{$where} = 1; } else { $defined{$symbol} = 1; }
        }
    }
    die "no symbols at all: wrong archives?\n" unless %defined;
    for my $symbol (sort keys %wanted) {
        next if $defined{$symbol} || $allowed{$symbol};
        next if $symbol =~ /^__(?:asan|ubsan|tsan|sanitizer|stack_chk|gcov|sanitizer_cov)|^_GLOBAL_OFFSET|^__odr_asan/;
        my ($where) = sort keys %{ $wanted{$symbol} };
        fail("a core may not call $symbol (in $where)");
    }
}

my %rules = (layers => \&lint_layers, sizes => \&lint_sizes, words => \&lint_words, symbols => \&lint_symbols);
die "usage: lint.pl layers|sizes|words SOURCE, or symbols ALLOW ARCHIVE...\n" unless $rule && $rules{$rule};
$rules{$rule}->(@arguments);
print "$failures broken\n" if $failures;
exit($failures ? 1 : 0);
