/*
 * story_cli.h - `doxe-sim story`: plays stories and compares their chronicles with golden ones.
 *
 * FILE.story has its chronicle beside it as FILE.golden.
 *
 * Exit status: 0 all were told as expected; 1 one was not; 2 wrong command line, or a file
 * that cannot be read or is no story.
 */
#ifndef DOXE_SIM_STORY_PLAY_STORY_CLI_H
#define DOXE_SIM_STORY_PLAY_STORY_CLI_H

/* argv[0] is "story". */
int story_cli(int argc, char **argv);

#endif
