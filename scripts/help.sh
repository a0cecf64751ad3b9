# shellcheck shell=bash
show_help() {
    cat <<'TEXT'
OrleansRecorder: records lists of RTSP cameras in cycles.

  ./recorder demo [--cameras N] [--output DIR] [--port P]
        Simulated cameras, the recorder on them, and a progress line a cycle. Ctrl+C ends all of it.
  ./recorder farm [--silos N] [--apis N] [--cameras N] [--output DIR] [--port P] [--duration SECONDS]
        A whole farm on this machine: PostgreSQL, recording nodes, APIs, nginx in front, simulated cameras. Ctrl+C ends all of it.
  ./recorder run [output_dir] [port] [--config FILE] [--listen ADDR] [--start]
        The server: ./output and 8080 unless told otherwise; reads config.json.
  ./recorder silo | api [--settings FILE] [--SECTION-SETTING VALUE] ...
        A recording node, or an API, of a farm; 'config settings' lists their settings.
  ./recorder camera [--count N] [--port P] [--fault N=FAULT] ...
        Simulated cameras alone; 'camera --help' lists their options and faults.
  ./recorder config check FILE
        Says what is wrong with a configuration, with line and column.
  ./recorder db init|status [--database 'Host=...;Database=...;Username=...']
        Makes the farm's tables in PostgreSQL, or says what is missing; the connection string is better in RECORDER_Database.
  ./recorder config settings
        The settings of the roles silo and api.
  ./recorder test [filter]
        Builds, runs every test (or those whose full name contains the filter), ends with a summary.
  ./recorder fuzz [target] [--seconds N]
        Feeds damaged input to each parser (or those whose test's name contains the target) for so long, 60 seconds unless told otherwise.
  ./recorder bench [name] [options]
        Measures our ingest against ffmpeg in the same run, downloads, and what steering a farm costs; 'bench help' lists the measurements.
  ./recorder build
        Builds the program only.

What is missing is installed from Debian's packages when this user may, and named otherwise.
TEXT
}
