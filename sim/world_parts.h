/*
 * world_parts.h - what the files of the world share; nobody else includes it.
 *
 * world.c       the book of visits, arrivals, parking, the step itself
 * world_road.c  arms, loops and moving vehicles
 * world_mind.c  what a driver or the attendant decides while a vehicle stands
 */
#ifndef DOXE_SIM_WORLD_PARTS_H
#define DOXE_SIM_WORLD_PARTS_H

#include "sim/world.h"

/* One step in progress. */
struct world_turn {
    struct world *world;
    mono_t now;
    wall_t wall;
    struct world_effects *effects;
};

/* A duration at speed 1, shortened; never below `min_ms`. */
int64_t world_scaled(const struct world *world, int64_t real_ms, int64_t min_ms);
/* Is there room for the effects of one more decision? */
bool world_has_room(const struct world_turn *turn);
struct world_effect *world_emit(struct world_turn *turn, enum world_effect_kind kind, int lane,
                                int visit);
void world_tell(struct world_turn *turn, enum world_tell tell, int lane, int visit,
                int64_t amount_vnd);
void world_note(struct world_turn *turn, enum world_note_kind kind, int lane, int visit);
void world_goto(struct world_turn *turn, int visit, enum visit_state state);
void world_queue(struct world_turn *turn, int lane_index, int visit);
/* The lane of this direction with the shortest queue, or -1. */
int world_shortest(const struct world *world, bool exit);
/* `back`, or some time before `until` when it is later than that. */
mono_t world_return_by(struct world *world, mono_t now, mono_t back, mono_t until);
/* Due now?  Then it is taken: the time becomes never. */
bool world_due(mono_t *at, mono_t now);

/* world_road.c */
void road_init(struct world_lane *lane, bool exit, mono_t now);
/* The signs have turned; `lane->turns` is carried out when nobody is on it. */
void road_turn(struct world_turn *turn, int lane_index);
void road_coil(struct world_turn *turn, int lane_index, enum world_coil coil, bool on);
void road_advance(struct world_turn *turn, int lane_index);
mono_t road_next(const struct world *world, int lane_index);
/* The vehicle begins to move back, off the arming loop. */
void road_back(struct world_turn *turn, int lane_index);
int road_arm_position(const struct world *world, const struct arm *arm, mono_t now);

/* world_mind.c: what the vehicle on the loop of a lane does while it stands */
void mind_arrive(struct world_turn *turn, int lane_index);
void mind_advance(struct world_turn *turn, int lane_index);
void mind_shown(struct world_turn *turn, int visit, const struct shown *shown);
void mind_page(struct world_turn *turn, int visit, const struct shown *shown);
void mind_told(struct world_turn *turn, int visit, int64_t amount_vnd, bool words_lost);
/* It has driven out: those who pay later decide when. */
void mind_left(struct world_turn *turn, int lane_index, int visit);
mono_t mind_next(const struct world *world, int lane_index);

#endif
