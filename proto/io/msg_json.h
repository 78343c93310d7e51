/*
 * msg_json.h - messages out of JSON, strictly, by the tables of proto/msg_fields.h.
 *
 * Unknown fields are ignored (a newer peer may add some).  DX_E_VERSION: "v" or
 * "type" is not known here.  DX_E_SPACE: longer than MSG_SIZE_MAX.  DX_E_FORMAT:
 * no JSON, or a field is missing or outside its limits.  *ret_why is then a
 * sentence for the quarantine: constant text, never NULL after an error, and
 * free of personal data.
 */
#ifndef DOXE_IO_MSG_JSON_H
#define DOXE_IO_MSG_JSON_H

#include "proto/msg.h"

DX_MUST_USE int event_read(struct str text, struct event *ret_event, const char **ret_why);
DX_MUST_USE int down_read(struct str text, struct down *ret_down, const char **ret_why);
DX_MUST_USE int query_read(struct str text, struct query *ret_query, const char **ret_why);
DX_MUST_USE int status_read(struct str text, struct status *ret_status, const char **ret_why);

#endif
