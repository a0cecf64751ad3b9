# shellcheck shell=bash
# Installing what a verb needs. Each need_* returns at once when it is there already.

# Debian keeps ldconfig, nginx, ip and nft where ordinary users do not look, and root after a plain su neither.
PATH=$PATH:/usr/sbin:/sbin

say() { echo "recorder: $*" >&2; }

# install_packages WHY PACKAGE...: through apt when we are root (or may sudo without a password), else names them and ends.
install_packages() {
    local why=$1
    shift
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
            as_root=(sudo -n)
        else
            say "$why needs packages that are not installed, and this user may not install them. Please run:"
            say "    sudo apt-get install $*"
            exit 3
        fi
    fi
    if ! command -v apt-get >/dev/null; then
        say "$why needs these Debian packages, or what your distribution calls them: $*"
        exit 3
    fi
    say "installing for $why: $*"
    local log status=0
    log=$(mktemp)
    if ! apt_get install -y --no-install-recommends "$@" >"$log" 2>&1; then
        # A new machine has no package lists, or old ones.
        apt_get update >>"$log" 2>&1 || true
        apt_get install -y --no-install-recommends "$@" >>"$log" 2>&1 || status=3
    fi
    if [ $status -ne 0 ]; then
        tail -n 15 "$log" >&2
        say "apt-get could not install: $*"
    fi
    rm -f "$log"
    return $status
}

# apt_get ARGUMENT...: with the rights of ${as_root[@]}, and so that no package starts a service of its own: what needs a server here starts one itself,
# with its own data and port. A machine that has a policy for that already keeps it.
apt_get() (
    policy=/usr/sbin/policy-rc.d
    if [ ! -e $policy ]; then
        trap '"${as_root[@]}" rm -f $policy' EXIT
        printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee $policy >/dev/null
        "${as_root[@]}" chmod 755 $policy
    fi
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get "$@"
)

has_library() { [[ $(ldconfig -p) == *"$1"* ]]; }

need_dotnet() {
    local wanted=10
    if command -v dotnet >/dev/null && [ "$(dotnet --version 2>/dev/null | cut -d. -f1)" -ge $wanted ] 2>/dev/null; then return; fi
    if [ -x "$HOME/.dotnet/dotnet" ]; then
        export PATH="$HOME/.dotnet:$PATH" DOTNET_ROOT="$HOME/.dotnet"
        [ "$(dotnet --version | cut -d. -f1)" -ge $wanted ] && return
    fi
    if ! install_packages "the build" "dotnet-sdk-$wanted.0"; then
        say "the .NET SDK $wanted is not among this machine's packages. Install it from https://dot.net/download (or add Microsoft's Debian feed) and try again."
        exit 3
    fi
}

# What the program itself loads.
need_runtime() {
    need_dotnet
    local missing=() library
    for library in libavformat.so.59=libavformat59 libavcodec.so.59=libavcodec59 libavutil.so.57=libavutil57 libswresample.so.4=libswresample4 libswscale.so.6=libswscale6; do
        has_library "${library%%=*}" || missing+=("${library##*=}")
    done
    [ ${#missing[@]} -eq 0 ] || install_packages "recording" "${missing[@]}" || exit 3
}

# Simulated cameras make their clips with the ffmpeg command; tests and measurements use it too.
need_ffmpeg_command() {
    command -v ffmpeg >/dev/null && command -v ffprobe >/dev/null || install_packages "simulated cameras" ffmpeg || exit 3
}

# The server's programs; nothing is done with a cluster that the package makes.
need_postgresql() {
    compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null || install_packages "PostgreSQL" postgresql || exit 3
}

# The farm's load balancer; only the program, no service.
need_nginx() {
    command -v nginx >/dev/null || install_packages "the load balancer" nginx-light || exit 3
}

need_test_tools() {
    need_nginx
    need_ffmpeg_command
    need_postgresql
    local missing=()
    [ -x /usr/bin/python3 ] || missing+=(python3)
    /usr/bin/python3 -c 'import gi; gi.require_version("GstRtspServer", "1.0")' 2>/dev/null || missing+=(python3-gi gir1.2-gst-rtsp-server-1.0)
    local plugin
    for plugin in x264enc=gstreamer1.0-plugins-ugly x265enc=gstreamer1.0-plugins-bad alawenc=gstreamer1.0-plugins-good avenc_aac=gstreamer1.0-libav videotestsrc=gstreamer1.0-plugins-base; do
        { command -v gst-inspect-1.0 >/dev/null && gst-inspect-1.0 "${plugin%%=*}" >/dev/null 2>&1; } || missing+=("${plugin##*=}")
    done
    command -v gst-inspect-1.0 >/dev/null || missing+=(gstreamer1.0-tools)
    # Recordings are played in a browser too.
    command -v chromium >/dev/null || missing+=(chromium)
    # Farms on networks that are cut, and on machines whose clocks are wrong.
    command -v ip >/dev/null || missing+=(iproute2)
    command -v nft >/dev/null || missing+=(nftables)
    command -v faketime >/dev/null || missing+=(faketime)
    # This checks docker-compose.yml; its test says so when it is not there.
    command -v docker-compose >/dev/null || docker compose version >/dev/null 2>&1 || missing+=(docker-compose)
    [ ${#missing[@]} -eq 0 ] || install_packages "the tests" "${missing[@]}" || exit 3
}
