# shellcheck shell=bash
# Which engine: the real Microsoft.Orleans and FFmpeg.AutoGen packages where the feed serves them, else the stand-ins of src/StandIns.
# Tried once; the answer is remembered in engine.local.props, which git ignores. Delete that file to try again.
choose_engine() {
    local answer=$root/engine.local.props
    [ -e "$answer" ] && return
    local probe stand_ins=true
    probe=$(mktemp -d)
    local orleans ffmpeg
    orleans=$(sed -n 's:.*<OrleansVersion>\(.*\)</OrleansVersion>.*:\1:p' "$root/Directory.Packages.props")
    ffmpeg=$(sed -n 's:.*Include="FFmpeg.AutoGen" Version="\([^"]*\)".*:\1:p' "$root/Directory.Packages.props")
    cat >"$probe/probe.csproj" <<PROJECT
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Microsoft.Orleans.Server" Version="$orleans" />
    <PackageReference Include="Microsoft.Orleans.Client" Version="$orleans" />
    <PackageReference Include="Microsoft.Orleans.Clustering.AdoNet" Version="$orleans" />
    <PackageReference Include="Microsoft.Orleans.Persistence.AdoNet" Version="$orleans" />
    <PackageReference Include="Microsoft.Orleans.Reminders.AdoNet" Version="$orleans" />
    <PackageReference Include="Microsoft.Orleans.TestingHost" Version="$orleans" />
    <PackageReference Include="FFmpeg.AutoGen" Version="$ffmpeg" />
  </ItemGroup>
</Project>
PROJECT
    if timeout 120 dotnet restore "$probe/probe.csproj" --verbosity quiet >/dev/null 2>&1; then stand_ins=false; fi
    rm -rf "$probe"
    cat >"$answer" <<PROPS
<Project>
  <PropertyGroup>
    <StandIns Condition="'\$(StandIns)' == ''">$stand_ins</StandIns>
  </PropertyGroup>
</Project>
PROPS
    if [ $stand_ins = true ]; then
        say "this feed does not serve Orleans and FFmpeg.AutoGen: building with the stand-ins of src/StandIns"
    else
        say "building with Microsoft.Orleans $orleans and FFmpeg.AutoGen $ffmpeg"
    fi
}

build_program() {
    choose_engine
    if [ -e "$program" ] && [ -z "$(find "$root/src" "$root/sql" "$root/deploy/nginx" "$root"/Directory.* "$root/engine.local.props" -newer "$program" -type f -print -quit)" ]; then return; fi
    say "building ($configuration)"
    build "$root/src/OrleansRecorder/OrleansRecorder.csproj"
    touch "$program"
}

# build PROJECT: quiet when it succeeds, everything when it does not.
build() {
    local log
    log=$(mktemp)
    if ! dotnet build "$1" -c "$configuration" --nologo -v quiet -clp:NoSummary >"$log" 2>&1; then
        cat "$log" >&2
        rm -f "$log"
        say "the build failed"
        exit 1
    fi
    rm -f "$log"
}

# The program replaces this shell, so that signals reach it and its exit code is ours.
run_program() {
    cd "$cd_from"
    exec dotnet "$program" "$@"
}
