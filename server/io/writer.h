/*
 * writer.h - the writer thread: app_turn in a loop, the watchdog fed, and one program a database.
 */
#ifndef DOXE_SERVER_WRITER_H
#define DOXE_SERVER_WRITER_H

#include "server/app/app.h"

struct writer;

/*
 * One writer a database: takes <database>.lock for the life of the process.
 * DX_E_BUSY: another doxe-server has it; DX_E_IO.
 */
DX_MUST_USE int writer_lock(const char *database);

/* `on_broken` is called when the database can no longer be used: the program should end. */
DX_MUST_USE int writer_start(struct app *app, void (*on_broken)(void *context), void *context,
                             struct writer **ret_writer);
/* Does what is queued, at most for a second, and ends the thread. */
void writer_stop(struct writer *writer);

#endif
