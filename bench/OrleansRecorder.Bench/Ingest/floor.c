/*
 * The least that recording can cost: receives streams over RTSP (TCP) and writes the bytes as they come, one file a stream, with the tick of the recorder's
 * ingest threads. It looks at no packet. A yardstick for `bench ingest`, and nothing else: its handshake knows our simulated cameras only.
 *
 *   floor LIST FOLDER TICK_MS
 *
 * LIST holds one address a line. Prints "recording" when all play, and ends with its input.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MOST 4096

static int sockets[MOST], files[MOST], count;
static char buffer[1 << 18];

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static void fail(const char *what)
{
    fprintf(stderr, "floor: %s\n", what);
    exit(1);
}

/* Sends a request and reads the reply with its body into the buffer. */
static void ask(int s, const char *request)
{
    size_t have = 0;
    if (write(s, request, strlen(request)) != (ssize_t)strlen(request)) fail("cannot send");
    for (;;) {
        ssize_t n = read(s, buffer + have, sizeof buffer - 1 - have);
        if (n <= 0) fail("no reply");
        have += n;
        buffer[have] = 0;
        char *end = strstr(buffer, "\r\n\r\n");
        if (!end) continue;
        char *length = strcasestr(buffer, "Content-Length:");
        size_t body = length && length < end ? strtoul(length + 15, NULL, 10) : 0;
        if (have >= (size_t)(end + 4 - buffer) + body) break;
    }
    if (strncmp(buffer, "RTSP/1.0 200", 12)) fail("refused");
}

static int play(const char *url)
{
    char host[64], request[1024], session[128] = "";
    int port, tracks = 0, cseq = 1;
    if (sscanf(url, "rtsp://%63[^:]:%d", host, &port) != 2) fail("bad address");
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(port) };
    inet_pton(AF_INET, host, &to.sin_addr);
    int s = socket(AF_INET, SOCK_STREAM, 0), one = 1;
    setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (connect(s, (struct sockaddr *)&to, sizeof to)) fail("cannot connect");

    snprintf(request, sizeof request, "DESCRIBE %s RTSP/1.0\r\nCSeq: %d\r\nAccept: application/sdp\r\n\r\n", url, cseq++);
    ask(s, request);
    for (char *at = buffer; (at = strstr(at, "\nm=")); at++) tracks++;
    for (int i = 0; i < tracks; i++) {
        snprintf(request, sizeof request, "SETUP %s/track%d RTSP/1.0\r\nCSeq: %d\r\nTransport: RTP/AVP/TCP;unicast;interleaved=%d-%d\r\n%s%s%s\r\n",
                 url, i + 1, cseq++, 2 * i, 2 * i + 1, *session ? "Session: " : "", session, *session ? "\r\n" : "");
        ask(s, request);
        char *id = strcasestr(buffer, "Session: ");
        if (id) sscanf(id + 9, "%127[^;\r\n]", session);
    }
    snprintf(request, sizeof request, "PLAY %s RTSP/1.0\r\nCSeq: %d\r\nSession: %s\r\nRange: npt=0.000-\r\n\r\n", url, cseq, session);
    if (write(s, request, strlen(request)) != (ssize_t)strlen(request)) fail("cannot send");
    fcntl(s, F_SETFL, fcntl(s, F_GETFL) | O_NONBLOCK);
    return s;
}

int main(int argc, char **argv)
{
    char line[512], path[1024];
    if (argc != 4) fail("LIST FOLDER TICK_MS");
    FILE *list = fopen(argv[1], "r");
    if (!list) fail("no list");
    while (count < MOST && fgets(line, sizeof line, list)) {
        line[strcspn(line, "\r\n")] = 0;
        sockets[count] = play(line);
        snprintf(path, sizeof path, "%s/%d.rtp", argv[2], count);
        if ((files[count] = open(path, O_CREAT | O_WRONLY | O_TRUNC, 0644)) < 0) fail("cannot write");
        count++;
    }

    puts("recording");
    fflush(stdout);
    fcntl(0, F_SETFL, fcntl(0, F_GETFL) | O_NONBLOCK);
    double tick = atof(argv[3]) / 1000;
    for (double next = now(); read(0, line, sizeof line) != 0; ) {
        for (int i = 0; i < count; i++) {
            for (;;) {
                ssize_t n = recv(sockets[i], buffer, sizeof buffer, 0);
                if (n == 0) fail("closed");
                if (n < 0) break;
                if (write(files[i], buffer, n) != n) fail("cannot write");
                if (n < (ssize_t)sizeof buffer) break;
            }
        }
        next += tick;
        double left = next - now();
        if (left > 0) usleep(left * 1e6);
        else next = now();
    }
    return 0;
}
