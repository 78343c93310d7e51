# Completion of doxe-gate(8) for bash: source it, or install it as
# /usr/share/bash-completion/completions/doxe-gate.
_doxe_gate()
{
    local current=${COMP_WORDS[COMP_CWORD]} first=${COMP_WORDS[1]}
    COMPREPLY=()
    if ((COMP_CWORD == 1)); then
        COMPREPLY=($(compgen -W "map health attendant --config --check --print-sample --verbose --help --version" -- "$current"))
    elif [[ $first == map && COMP_CWORD -eq 2 ]]; then
        COMPREPLY=($(compgen -W "check dry-run profiles --help" -- "$current"))
    elif [[ $first == map && ${COMP_WORDS[2]} == dry-run && COMP_CWORD -eq 4 ]]; then
        COMPREPLY=($(compgen -W "--json" -- "$current"))
    elif [[ $first == attendant && COMP_CWORD -eq 2 ]]; then
        COMPREPLY=($(compgen -W "add reset disable enable list --help" -- "$current"))
    else
        COMPREPLY=($(compgen -f -- "$current"))
        [[ $first == map ]] && COMPREPLY+=($(compgen -W "$(doxe-gate map profiles 2>/dev/null | tr -d ,)" -- "$current"))
    fi
}
complete -F _doxe_gate doxe-gate
