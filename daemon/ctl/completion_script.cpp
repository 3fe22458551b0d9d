#include "completion_script.h"

#include "command_table.h"
#include "shell_words.h"

namespace gatehouse::ctl {

namespace {

// Words are split at blanks and not at COMP_WORDBREAKS, because device ids hold colons; what
// readline does not replace is then cut off the answers. Nothing that a daemon sent is expanded.
constexpr std::string_view bash_main = R"(_gatehousectl() {
    local line=${COMP_LINE:0:COMP_POINT} word= command= wanted= group= kind= program=gatehousectl
    local -a all=() asked=()
    local -i place=0
    read -ra all <<<"$line"
    [[ $line == *[[:space:]] ]] && all+=('')
    ((${#all[@]} > 1)) || return
    [[ ${all[0]} == */* && -x ${all[0]} ]] && program=${all[0]}
    local current=${all[${#all[@]} - 1]}
    for word in "${all[@]:1:${#all[@]}-2}"; do
        _gatehousectl_word "$word"
    done
    if [[ $current == --*=* ]]; then
        wanted=${current%%=*}
        current=${current#*=}
    fi
    COMPREPLY=()
    while IFS= read -r word; do
        [[ $word == "$current"* ]] && COMPREPLY+=("$word")
    done < <(
        if [[ -n $wanted ]]; then
            kind=$(_gatehousectl_kind "$command" "$wanted")
        elif [[ $current == -* ]]; then
            _gatehousectl_options "$command"
        elif [[ -z $command ]]; then
            _gatehousectl_commands "$group" | cut -d: -f1
        else
            kind=$(_gatehousectl_kind "$command" "$place")
        fi
        case $kind in
            '') ;;
            files) compgen -f -- "$current" ;;
            *) _gatehousectl_values "$kind" ;;
        esac
    )
    if [[ $current == *:* && $COMP_WORDBREAKS == *:* ]]; then
        COMPREPLY=("${COMPREPLY[@]#"${current%"${current##*:}"}"}")
    fi
}
complete -F _gatehousectl gatehousectl
)";

constexpr std::string_view zsh_main = R"(_gatehousectl() {
    local word= command= wanted= group= kind= program=gatehousectl current=$words[CURRENT]
    local -a asked list
    integer place=0
    [[ $words[1] == */* && -x $words[1] ]] && program=$words[1]
    for word in "${(@)words[2,CURRENT-1]}"; do
        _gatehousectl_word "$word"
    done
    if [[ $current == --*=* ]]; then
        wanted=${current%%=*}
        compset -P '*='
    fi
    if [[ -n $wanted ]]; then
        kind=$(_gatehousectl_kind "$command" "$wanted")
    elif [[ $current == -* ]]; then
        list=("${(@f)$(_gatehousectl_options "$command")}")
        compadd -- "${(@)list}"
        return
    elif [[ -z $command ]]; then
        list=("${(@f)$(_gatehousectl_commands "$group")}")
        _describe -t commands command list
        return
    else
        kind=$(_gatehousectl_kind "$command" "$place")
    fi
    [[ -z $kind ]] && return
    if [[ $kind == files ]]; then
        _files
        return
    fi
    list=("${(@f)$(_gatehousectl_values "$kind")}")
    compadd -- "${(@)list:#}"
}
if [[ ${funcstack[1]} == _gatehousectl ]]; then
    _gatehousectl "$@"
else
    compdef _gatehousectl gatehousectl
fi
)";

}  // namespace

std::string bash_completion()
{
    return "# bash completion, made by: gatehousectl completion bash\n" + completion_functions() +
           std::string{bash_main};
}

std::string zsh_completion()
{
    return "#compdef gatehousectl\n# zsh completion, made by: gatehousectl completion zsh\n" +
           completion_functions() + std::string{zsh_main};
}

}  // namespace gatehouse::ctl
