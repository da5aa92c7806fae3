#!/usr/bin/env bash
# What action.yml does: action.sh plan | check | diff. All it is told is in the
# environment, as action.yml has it. Whatever cannot be judged fails.
set -euo pipefail
export LC_ALL=C

# What action.yml gives, and is nothing where a step has no use for it.
: "${TOPOLOGY=}" "${STRICT=}" "${LIST=}" "${EXPORTS=}" "${AGAINST=}" "${FORCE=}" "${TRAILERS=}" "${LABELS=}" "${BASE=}" "${HEAD_SHA=}"

# Prints what a command prints, and ends as it does. Nothing in it is a command to
# the runner, whatever a file is called or says.
literal() {
  local token status=0
  token=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  echo "::stop-commands::$token"
  "$@" 2>&1 || status=$?
  printf '\n::%s::\n' "$token"
  return "$status"
}

# Prints a command to the runner: level, message.
tell() {
  local message=$2
  message=${message//'%'/'%25'}
  message=${message//$'\r'/'%0D'}
  message=${message//$'\n'/'%0A'}
  printf '::%s::%s\n' "$1" "$message"
}

fail() {
  tell error "$1"
  exit 2
}

# The topology has no errors; warnings are shown, and fail where STRICT says so.
plan() {
  local status=0 annotations
  literal auralink plan "$TOPOLOGY" || status=$?
  ((status <= 1)) || fail "auralink plan ended with status $status: the topology cannot be read"
  annotations=$(auralink plan "$TOPOLOGY" -o github) || status=$?
  printf '%s\n' "$annotations"
  if ((status == 0)); then
    return
  fi
  if [[ $annotations != *::warning\ * || $annotations == *::error\ * ]]; then
    exit 1
  fi
  [[ $STRICT != true ]] || exit 1
}

# The exports in the repository are those of the topology.
check() {
  local list=$LIST name=${TOPOLOGY##*/} status=0
  [[ -z $EXPORTS ]] || fail "the input exports is gone: list the exports in a file beside the topology (auralink export --help)"
  if [[ -z $list ]]; then
    list=${TOPOLOGY%"$name"}${name%.*}.exports.yaml
    if [[ ! -e $list ]]; then
      [[ -z $(git ls-files -- '.auralink.json' '*/.auralink.json') ]] || fail "there are exports in the repository, and no $list that lists them"
      tell notice "there is no $list, and so no export to check"
      return
    fi
  fi
  literal auralink export "$TOPOLOGY" --list "$list" --check || status=$?
  if ((status == 1)); then
    auralink export "$TOPOLOGY" --list "$list" --check -o github || true
    exit 1
  fi
  ((status == 0)) || fail "auralink export --check ended with status $status"
}

# Prints which guards may be passed: by the input, by labels of the pull request,
# and by trailers of its commits.
forced() {
  {
    printf '%s\n' "$FORCE"
    # A label is a line of its own in the JSON.
    sed -nE 's/^[[:space:]]*"auralink-force:([a-z, ]+)",?$/\1/p' <<<"$LABELS"
    [[ $TRAILERS != true ]] || trailers
  } | tr -cs '[:lower:]' '\n' | sort -u | grep . || true
}

# Prints the trailers Auralink-Force of the commits that are judged; where the
# clone is shallow, and cannot say which these are, of the last one.
trailers() {
  local format='%(trailers:key=Auralink-Force,valueonly)' range=(-1 "$HEAD_SHA")
  [[ $HEAD_SHA =~ ^[0-9a-f]{40,64}$ ]] || return 0
  git cat-file -e "$HEAD_SHA^{commit}" 2>/dev/null || git fetch --quiet --depth=1 origin "$HEAD_SHA" || return 0
  if [[ $(git rev-parse --is-shallow-repository) == false ]] && git cat-file -e "$BASE^{commit}" 2>/dev/null; then
    range=("$BASE..$HEAD_SHA")
  fi
  git log --format="$format" "${range[@]}" --
}

# Writes the topology of the base into a file. Ends with 1 where there was none.
base() {
  [[ $TOPOLOGY != /* ]] || fail "the topology is to be a path in the repository"
  if [[ -z $BASE || $BASE =~ ^0+$ ]]; then
    tell notice "this event has no base to compare with"
    return 1
  fi
  [[ $BASE =~ ^[0-9a-f]{40,64}$ ]] || fail "the base $BASE is no commit"
  git cat-file -e "$BASE^{commit}" 2>/dev/null || git fetch --quiet --depth=1 origin "$BASE" ||
    fail "the base $BASE cannot be fetched, and so nobody can say what this changes"
  if ! git cat-file -e "$BASE:./$TOPOLOGY" 2>/dev/null; then
    tell notice "there is no $TOPOLOGY at $BASE to compare with"
    return 1
  fi
  # The condition of an if hides what fails in a function.
  git show "$BASE:./$TOPOLOGY" >"$1" || fail "the topology at $BASE cannot be read"
}

# Puts other words in place of some text in a file.
rename() {
  local text
  text=$(cat "$3")
  [[ -z $text ]] || printf '%s\n' "${text//"$1"/"$2"}" >"$3"
}

# What the change does is shown, and no guard holds it back.
diff() {
  local against=$AGAINST markdown=$RUNNER_TEMP/auralink/diff.md status=0 guards
  mkdir -p "$RUNNER_TEMP/auralink"
  guards=$(forced | paste -sd, -)
  if [[ -z $against ]]; then
    against=$RUNNER_TEMP/auralink/base.yaml
    base "$against" || return 0
    local planned=0 annotations
    annotations=$(auralink plan "$against" -o github 2>"$markdown.log") || planned=$?
    ((planned <= 2)) || fail "auralink plan of the topology at the base ended with status $planned, and so nobody can say what this changes"
    if ((planned == 2)) || [[ $annotations == *::error\ * ]]; then
      literal cat "$markdown.log"
      [[ ,$guards, == *,base,* ]] || fail "the topology at the base has errors, and so nobody can say what this changes: auralink-force: base passes it"
      tell warning "the topology at the base has errors: the difference is not judged"
      return
    fi
  fi
  guards=$(tr , '\n' <<<"$guards" | sed '/^base$/d' | paste -sd, -)
  local arguments=("$TOPOLOGY" --against "$against" ${guards:+--force "$guards"})
  auralink diff "${arguments[@]}" -o markdown >"$markdown" 2>"$markdown.log" || status=$?
  # Whoever reads the comment knows no path of the runner.
  [[ -n $AGAINST ]] || rename "$against" "the base of this change" "$markdown"
  literal cat "$markdown" "$markdown.log"
  cat "$markdown" >>"$GITHUB_STEP_SUMMARY"
  {
    echo "markdown=$markdown"
    if ((status == 0)); then echo changed=false; else echo changed=true; fi
  } >>"$GITHUB_OUTPUT"
  auralink diff "${arguments[@]}" -o github 2>/dev/null || true
  ((status <= 1)) || fail "auralink diff ended with status $status: a guard, or trouble (see above). What is meant passes by the label auralink-force:GUARD, or the trailer Auralink-Force: GUARD"
}

[[ -n $TOPOLOGY ]] || fail "the input topology is empty: it is the path of the topology file"

case ${1-} in
  plan | check | diff) "$1" ;;
  *) fail "usage: action.sh plan | check | diff" ;;
esac
