# shellcheck shell=bash
run_tests() {
    choose_engine
    say "building ($configuration)"
    build "$root/OrleansRecorder.sln"

    local log status=0 arguments=()
    [ $# -gt 0 ] && arguments=(--filter "FullyQualifiedName~$1")
    log=$(mktemp)
    # One project after the other: the tests record in real time, and two suites at once would take the cores from each other.
    local project
    # Whole farms last: they take longest, and fail for what the others show more plainly.
    for project in "$root"/tests/*.Tests "$root"/tests/OrleansRecorder.FarmTests; do
        # Tests press Ctrl+C in programs that they start: what a shell in the background, or nohup, has set to be ignored would be ignored there too.
        env --default-signal=INT,HUP dotnet test "$project" -c "$configuration" --no-build --nologo --blame-hang-timeout 15m --blame-hang-dump-type none \
            --results-directory "$root/artifacts/test-results" "${arguments[@]}" 2>&1 | tee -a "$log" || status=1
    done
    failures "$log"
    summary "$log"
    rm -f "$log"
    return $status
}

# Names each test that failed, with the first lines of its message: the whole of it, logs included, stands far above.
failures() {
    awk '/^  Failed .+ \[.*\]$/ { print ""; print substr($0, 1, 300); left = 0 }
        /^  Error Message:/ { left = 8; next }
        /^  Stack Trace:/ { left = 0 }
        left > 0 { print substr($0, 1, 300); left-- }' "$1"
}

# Adds up the summaries that the test runner has printed, a line a project.
summary() {
    awk '/^(Passed|Failed)! +- Failed:/ {
            match($0, /Failed: +[0-9]+/); failed += substr($0, RSTART + 7, RLENGTH - 7)
            match($0, /Passed: +[0-9]+/); passed += substr($0, RSTART + 7, RLENGTH - 7)
            match($0, /Skipped: +[0-9]+/); skipped += substr($0, RSTART + 8, RLENGTH - 8)
        }
        END { printf "\n%d passed, %d failed, %d skipped\n", passed, failed, skipped }' "$1"
}
