# shellcheck shell=bash
run_bench() {
    choose_engine
    if [ "${1:-help}" = help ]; then set -- --help; fi
    say "building ($configuration)"
    build "$root/bench/OrleansRecorder.Bench/OrleansRecorder.Bench.csproj"
    cd "$cd_from"
    exec dotnet "$root/artifacts/bin/OrleansRecorder.Bench/$flavor/recorder-bench.dll" "$@"
}
