/* invoice_cli.h - `doxe-server invoice list|replace`: what became of the requests, and a wrong one
 * replaced. */
#ifndef DOXE_SERVER_INVOICE_CLI_H
#define DOXE_SERVER_INVOICE_CLI_H

/* argv[0] is "invoice".  Exit codes as daemon.h. */
int invoice_command(int argc, char **argv);

#endif
