#include "tests/harness/broker.h"

#include "tests/harness/harness.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

bool broker_is_here(void)
{
    return access("/usr/sbin/mosquitto", X_OK) == 0;
}

static int free_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t n = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &n), 0);
    close(fd);
    return ntohs(address.sin_port);
}

void broker_path(const struct broker *broker, const char *name, const char *ending, char *out,
                 size_t cap)
{
    snprintf(out, cap, "%s/pki/%s.%s", broker->dir, name, ending);
}

static void run_or_fail(const char *command)
{
    if (system(command) != 0) {
        fail_msg("failed: %s", command);
    }
}

void broker_start(struct broker *broker, const char *const *names)
{
    char command[2048];
    char *dir = harness_temp_dir();
    snprintf(broker->dir, sizeof broker->dir, "%s", dir);
    free(dir);
    int n = snprintf(command, sizeof command, "%s/etc/pki/make-keys %s/pki broker", DOXE_SOURCE_DIR,
                     broker->dir);
    for (int i = 0; names[i]; i++) {
        n += snprintf(command + n, sizeof command - (size_t)n, " %s", names[i]);
    }
    run_or_fail(command);
    broker->port = free_port();
    snprintf(command, sizeof command,
             "cp %s/etc/mosquitto/doxe.acl %s/acl && chmod 600 %s/acl && "
             "sed -e 's|@PORT@|%d|' -e 's|@PKI@|%s/pki|' -e 's|@ACL@|%s/acl|' "
             "-e \"s|@USER@|$(id -un)|\" %s/etc/mosquitto/doxe.conf.in > %s/broker.conf",
             DOXE_SOURCE_DIR, broker->dir, broker->dir, broker->port, broker->dir, broker->dir,
             DOXE_SOURCE_DIR, broker->dir);
    run_or_fail(command);
    for (int i = 0; names[i]; i++) { /* the tests' lot, as `doxe-server acl` writes it */
        snprintf(
            command, sizeof command,
            "printf 'user %s\\ntopic read doxe/1/lot/config\\ntopic read doxe/1/lot/inside/+\\n'"
            " >> %s/acl",
            names[i], broker->dir);
        run_or_fail(command);
    }
    broker_restart(broker);
}

static bool answers(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    bool fine = connect(fd, (struct sockaddr *)&address, sizeof address) == 0;
    close(fd);
    return fine;
}

void broker_restart(struct broker *broker)
{
    char conf[128];
    char log[128];
    snprintf(conf, sizeof conf, "%s/broker.conf", broker->dir);
    snprintf(log, sizeof log, "%s/broker.log", broker->dir);
    broker->pid = fork();
    if (broker->pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* a test that fails leaves no broker behind */
        int fd = open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
        dup2(fd, 1);
        dup2(fd, 2);
        execl("/usr/sbin/mosquitto", "mosquitto", "-c", conf, (char *)NULL);
        _exit(127);
    }
    assert_true(broker->pid > 0);
    const struct timespec step = {0, 10 * 1000 * 1000};
    for (int i = 0; i < 1000 && !answers(broker->port); i++) {
        nanosleep(&step, NULL);
    }
    assert_true(answers(broker->port));
}

void broker_stop(struct broker *broker, bool hard)
{
    if (broker->pid > 0) {
        kill(broker->pid, hard ? SIGKILL : SIGTERM);
        waitpid(broker->pid, NULL, 0);
        broker->pid = 0;
    }
}
