#include "gate/io/modbus_bus.h"

#include "gate/io/urgent.h"
#include "proto/base/check.h"
#include "proto/io/clock_os.h"
#include "proto/io/mailbox.h"

enum { QUEUE_CAP = 64 };

enum command_kind { COMMAND_ORDER, COMMAND_TEXT, COMMAND_STOP };

struct command {
    enum command_kind kind;
    int lane;
    enum output_role role;
    enum output_act act;
    int count;
    uint16_t words[MODBUS_TEXT_WORDS_MAX];
};

struct modbus_bus {
    struct modbus_bus_config config;
    struct modbus_port *port;
    struct bus_machine *machine;
    struct mailbox *queue;
    pthread_t thread;
    bool stopping;       /* the worker's own */
    struct command next; /* the worker's own; large for a stack frame that nests */
};

static int line_open(void *context)
{
    return modbus_port_open(((struct modbus_bus *)context)->port);
}

static void line_close(void *context)
{
    modbus_port_close(((struct modbus_bus *)context)->port);
}

static void line_flush(void *context)
{
    modbus_port_flush(((struct modbus_bus *)context)->port);
}

static int line_read(void *context, const struct modbus_block *block, uint16_t *ret_values)
{
    return modbus_port_read(((struct modbus_bus *)context)->port, block, ret_values);
}

static int line_write(void *context, const struct modbus_write *write)
{
    return modbus_port_write(((struct modbus_bus *)context)->port, write);
}

static int line_write_words(void *context, int unit, int first, const uint16_t *words, int count)
{
    return modbus_port_write_words(((struct modbus_bus *)context)->port, unit, first, words, count);
}

static mono_t line_now(void *context)
{
    (void)context;
    return clock_mono();
}

static int line_report(void *context, const struct bus_report *report)
{
    struct modbus_bus *bus = context;
    return bus->config.report(bus->config.context, report);
}

/*
 * An order that the machine has no room for (BUS_ORDERS_MAX wait on a silent line) is
 * answered like any other that failed.
 */
static void take_command(struct modbus_bus *bus, const struct command *command)
{
    int error = 0;
    switch (command->kind) {
    case COMMAND_ORDER:
        error = bus_machine_order(bus->machine, command->lane, command->role, command->act);
        if (error) {
            struct bus_report report = {.kind = BUS_REPORT_COIL,
                                        .lane = command->lane,
                                        .output = command->role,
                                        .error = error};
            (void)!line_report(bus, &report);
        }
        break;
    case COMMAND_TEXT:
        must(bus_machine_text(bus->machine, command->lane, command->words, command->count) == 0);
        break;
    case COMMAND_STOP:
        bus->stopping = true;
        break;
    }
}

/* What has come while a request was under way. */
static void line_between(void *context)
{
    struct modbus_bus *bus = context;
    while (!bus->stopping && mailbox_take(bus->queue, clock_mono(), &bus->next) == 0) {
        take_command(bus, &bus->next);
    }
}

static void *work(void *context)
{
    struct modbus_bus *bus = context;
    (void)urgent_thread(URGENT_BUS);
    while (!bus->stopping) {
        mono_t next = bus_machine_work(bus->machine);
        if (!bus->stopping && mailbox_take(bus->queue, next, &bus->next) == 0) {
            take_command(bus, &bus->next);
            line_between(bus);
        }
    }
    bus_machine_stop(bus->machine);
    return NULL;
}

static void free_bus(struct modbus_bus *bus)
{
    bus_machine_free(bus->machine);
    modbus_port_free(bus->port);
    mailbox_free(bus->queue);
    free(bus);
}

int modbus_bus_start(const struct modbus_bus_config *config, struct modbus_bus **ret_bus)
{
    struct modbus_bus *bus = calloc(1, sizeof *bus);
    if (!bus) {
        return DX_E_MEMORY;
    }
    bus->config = *config;
    struct bus_line line = {bus,        line_open,        line_close, line_flush,   line_read,
                            line_write, line_write_words, line_now,   line_between, line_report};
    int error = modbus_port_new(&config->port, &bus->port);
    error = error ? error : mailbox_new(sizeof(struct command), QUEUE_CAP, &bus->queue);
    error = error ? error : bus_machine_new(&config->machine, &line, &bus->machine);
    if (!error && pthread_create(&bus->thread, NULL, work, bus) != 0) {
        error = DX_E_IO;
    }
    if (error) {
        free_bus(bus);
        return error;
    }
    *ret_bus = bus;
    return 0;
}

void modbus_bus_stop(struct modbus_bus *bus)
{
    if (!bus) {
        return;
    }
    struct command stop = {.kind = COMMAND_STOP};
    mailbox_post_wait(bus->queue, &stop);
    pthread_join(bus->thread, NULL);
    free_bus(bus);
}

int modbus_bus_order(struct modbus_bus *bus, int lane, enum output_role role, enum output_act act)
{
    struct command command = {.kind = COMMAND_ORDER, .lane = lane, .role = role, .act = act};
    return mailbox_post(bus->queue, &command);
}

int modbus_bus_text(struct modbus_bus *bus, int lane, const uint16_t *words, int count)
{
    struct command command = {.kind = COMMAND_TEXT, .lane = lane, .count = count};
    must(count >= 0 && count <= MODBUS_TEXT_WORDS_MAX);
    memcpy(command.words, words, (size_t)count * sizeof words[0]);
    return mailbox_post(bus->queue, &command);
}
