/*
 * report_cli.h - `doxe-server report WORD`: tables for accountants and authorities, from a
 * terminal.
 *
 *     day    the close of a day (đối soát): report_day.c
 *     month  the city's figures of a month, signed: report_month.c
 *     ttgd   form 01/TTGD of a month, and its amendments: report_ttgd.c
 *
 * Reads the database of a configuration, also while the server runs.  What is written
 * (a table that is handed in) is one short transaction beside the server's.
 */
#ifndef DOXE_SERVER_REPORT_CLI_H
#define DOXE_SERVER_REPORT_CLI_H

/* argv[0] is "report".  Exit codes as daemon.h. */
int report_command(int argc, char **argv);

/* argv[0] is the report's word. */
int report_offline(int argc, char **argv); /* offline_cli.c */
int report_ttgd(int argc, char **argv);
int report_month(int argc, char **argv); /* report_month.c */
int report_dayclose(int argc, char **argv);

#endif
