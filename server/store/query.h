/*
 * query.h - what the read-only queries share: one picture of the database per answer.
 *
 * A page runs several SELECTs.  Between query_begin and query_end they all see the
 * same commit, so that a total and its lines cannot come from different moments.
 */
#ifndef DOXE_SERVER_QUERY_H
#define DOXE_SERVER_QUERY_H

#include "proto/io/db.h"

DX_MUST_USE int query_begin(struct db *db);
void query_end(struct db *db);

/* A column's text, cut to what fits, or its number; NULL reads as "" and 0. */
void query_text(struct db_row *row, int column, char *out, size_t cap);
int64_t query_number(struct db_row *row, int column);

#endif
