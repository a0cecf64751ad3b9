# shellcheck shell=bash
run_fuzz() {
    local seconds=60 target=
    while [ $# -gt 0 ]; do
        case $1 in
            --seconds)
                [[ ${2:-} =~ ^[0-9]+$ ]] || { say "--seconds needs a whole number"; exit 2; }
                seconds=$2
                shift
                ;;
            *) target=$1 ;;
        esac
        shift
    done
    choose_engine
    say "building ($configuration)"
    local project=$root/tests/OrleansRecorder.Media.Tests
    build "$project/OrleansRecorder.Media.Tests.csproj"
    local filter='Category=Fuzzing'
    [ -z "$target" ] || filter="$filter&FullyQualifiedName~$target"
    RECORDER_FUZZ_SECONDS=$seconds dotnet test "$project" -c "$configuration" --no-build --nologo --filter "$filter"
}
