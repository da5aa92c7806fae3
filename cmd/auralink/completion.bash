# The script works with and without the package bash-completion. These two functions stand
# for what the package has.

# __auralink_words sets cur, prev, words and cword, without taking = and : for the end of
# a word.
__auralink_words()
{
    if declare -F _get_comp_words_by_ref >/dev/null 2>&1; then
        _get_comp_words_by_ref "$@" cur prev words cword
        return
    fi
    local line=${COMP_LINE:0:COMP_POINT} rest word i blanks
    words=() cword=-1
    for ((i = 0; i <= COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        rest=${line#"${line%%[![:space:]]*}"}
        blanks=$((${#line} - ${#rest}))
        ((i < COMP_CWORD)) || word=$rest
        line=${rest#"$word"}
        if ((i > 0 && blanks == 0)) && [[ $word == [=:]* || ${words[cword]} == *[=:] ]]; then
            words[cword]+=$word
        else
            words[++cword]=$word
        fi
    done
    cur=${words[cword]} prev=
    ((cword == 0)) || prev=${words[cword - 1]}
}

# __auralink_filedir completes files: directories alone with -d, or beside them files that
# end in one of the suffixes of a pattern a|b.
__auralink_filedir()
{
    if declare -F _filedir >/dev/null 2>&1; then
        _filedir "$@"
        return
    fi
    local path
    while IFS='' read -r path; do
        if [[ -d $path || -z ${1-} || ${1-} != -d && $path =~ \.($1)$ ]]; then
            COMPREPLY+=("$path")
        fi
    done < <(compgen -f -- "$cur")
    [[ $(type -t compopt) != builtin ]] || compopt -o filenames
}

