# Completion of doxe(1) for bash: source it, or install it as
# /usr/share/bash-completion/completions/doxe.

# _doxe_options COMMAND [SUBCOMMAND]: the options of a command, one word each.
_doxe_options()
{
    case "$*" in
    plate) echo "--vehicle --colour --lines" ;;
    identity) echo "--key-file --reveal" ;;
    "vietqr make")
        echo "--bin --account --amount --purpose --bill --reference --name --city --service" \
            "--static --png --svg --scale --text"
        ;;
    "vietqr banks update") echo "--to --allow-removal" ;;
    paycode*) echo "--prefix" ;;
    "tariff price")
        echo "--tariff --vehicle --entry --exit --lang --lost-ticket --pass --discount --voucher"
        ;;
    "tariff table") echo "--svg --entry --hours --lang" ;;
    "webhook verify") echo "--provider --key --header --now" ;;
    esac
}

# _doxe_subcommands COMMAND…: what may come next.
_doxe_subcommands()
{
    case "$*" in
    "") echo "plate identity vietqr paycode tariff webhook help --help --version" ;;
    help) echo "plate identity vietqr paycode tariff webhook" ;;
    vietqr) echo "parse make banks" ;;
    "vietqr banks") echo "update" ;;
    paycode) echo "new check find" ;;
    tariff) echo "price check table" ;;
    webhook) echo "verify" ;;
    esac
}

# _doxe_values OPTION: the words that the option takes; status 1 when it takes none that are known.
_doxe_values()
{
    case "$1" in
    --vehicle) echo "car motorbike bicycle" ;;
    --colour) echo "white yellow blue red" ;;
    --lines) echo "1 2" ;;
    --lang) echo "vi en" ;;
    --service) echo "QRIBFTTA QRIBFTTC QRPUSH" ;;
    --provider) echo "payos sepay casso" ;;
    *) return 1 ;;
    esac
}

_doxe_takes_value()
{
    case "$1" in
    --reveal | --static | --text | --lost-ticket | --allow-removal | --help) return 1 ;;
    --*) return 0 ;;
    *) return 1 ;;
    esac
}

_doxe_is_word()
{
    local word
    for word in $1; do
        [[ $word == "$2" ]] && return 0
    done
    return 1
}

_doxe()
{
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
    local path="" word values i
    COMPREPLY=()
    # The command and its subcommands among the words before this one.
    for ((i = 1; i < COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        # bash makes a word of its own of the "=" in --name=value
        if [[ $word == = ]] || { ((i > 1)) && [[ ${COMP_WORDS[i - 1]} == = ]]; }; then
            continue
        fi
        if _doxe_is_word "$(_doxe_subcommands $path)" "$word"; then
            path="${path:+$path }$word"
        fi
    done
    if [[ $current == = ]]; then
        current=""
    elif [[ $previous == = ]]; then
        previous=${COMP_WORDS[COMP_CWORD - 2]}
    fi
    if values=$(_doxe_values "$previous"); then
        COMPREPLY=($(compgen -W "$values" -- "$current"))
    elif _doxe_takes_value "$previous"; then
        case "$previous" in
        --key-file | --png | --svg | --to | --tariff) COMPREPLY=($(compgen -f -- "$current")) ;;
        esac
    elif [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W "$(_doxe_options $path) --help" -- "$current"))
    else
        COMPREPLY=($(compgen -W "$(_doxe_subcommands $path)" -- "$current"))
        case "$path" in
        "tariff check" | "tariff table" | "vietqr banks update")
            COMPREPLY+=($(compgen -f -- "$current"))
            ;;
        esac
    fi
}

complete -F _doxe doxe
