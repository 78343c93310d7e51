/*
 * statement_intake.h - a bank's statement on its way into the inbox: for `doxe-server bank import`
 * and for the page where the operator's accountant gives the file.
 *
 * The file is read and judged first; one transaction then writes the file's row and all its
 * transfers; the one writer applies them after that.  So a crash leaves either nothing or
 * everything, and what was not applied yet is applied at the next start.  The same file twice
 * changes nothing.
 *
 * Not here: what a statement is (server/bank/statement.h), which words are told to whom.
 */
#ifndef DOXE_SERVER_OFFICE_STATEMENT_INTAKE_H
#define DOXE_SERVER_OFFICE_STATEMENT_INTAKE_H

#include "server/app/app.h"
#include "server/bank/mapping.h"
#include "server/store/store_bank.h"

enum { INTAKE_BUSY_MS = 30000, INTAKE_WHY_CAP = MAPPING_ERROR_CAP };

struct intake_ask {
    const struct app_config *app; /* lots and database */
    const char *mappings;         /* folder of them; "" where they are installed */
    const struct app_lot *lot;    /* one with the account */
    const char *file;             /* its base name */
    const char *mapping;          /* NULL: the first that knows the header */
    struct str bytes;
};

struct intake {
    struct intake_ask ask; /* borrowed */
    char digest[65];       /* of the bytes */
    const char *charset;
    char *text;
    size_t text_n;
    struct statement_mapping mapping;
    struct statement statement;
    struct store_known_statement known; /* DX_E_EXISTS, DX_E_DIFFERENT: the earlier import */
    int64_t id;                         /* of the imported file */
    char why[INTAKE_WHY_CAP];           /* of a failure that has no words of its own below */
};

/*
 * Reads and judges.  0: statement holds rows, and why is "".  Else:
 *     DX_E_CHECK      mistakes: statement.mistake, or `why` when it is of another account
 *     DX_E_NOT_FOUND  there is no mapping of that name
 *     DX_E_CONFIG     a mapping file is wrong; `why` says where
 *     DX_E_FORMAT     not a statement that any mapping knows; `why`
 *     DX_E_MEMORY
 * Whatever comes back: intake_fini.
 */
DX_MUST_USE int intake_read(const struct intake_ask *ask, struct intake *intake);
/*
 * Writes all of it, beside the writer.  DX_E_EXISTS: this very file is there already, `known`
 * tells since when; DX_E_DIFFERENT: as another account's; else errors of the store.
 */
DX_MUST_USE int intake_put(struct intake *intake, wall_t now);
void intake_fini(struct intake *intake);

#endif
