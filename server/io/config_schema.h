/* config_schema.h - the table behind config.c. */
#ifndef DOXE_SERVER_IO_CONFIG_SCHEMA_H
#define DOXE_SERVER_IO_CONFIG_SCHEMA_H

#include "proto/io/config.h"
#include "server/io/config.h"

#define SERVER_ROLE_WORDS "operator|city"

extern const struct config_field server_schema[];

#endif
