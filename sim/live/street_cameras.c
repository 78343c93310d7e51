#include "proto/base/check.h"
#include "sim/live/street_parts.h"

static const char *const names[WORLD_LANES] = {"cam-in", "cam-out"};

static void ignore_message(void *context, struct str topic, struct str payload)
{
    (void)context;
    (void)topic;
    (void)payload;
}

int street_start_cameras(struct street *street)
{
    const struct street_options *o = &street->options;
    if (o->camera == MAKER_DAHUA || o->camera == MAKER_ONVIF) {
        struct camera_server_config config = {
            .listen = o->camera_listen, .user = "gate", .password = o->camera_password};
        return camera_server_start(&config, &street->cameras);
    }
    if (o->camera == MAKER_FRIGATE) {
        struct mqtt_config config = {.url = o->site_broker,
                                     .client_id = "frigate",
                                     .ca = o->site_ca,
                                     .user = "frigate",
                                     .password = o->camera_password,
                                     .on_message = ignore_message};
        return mqtt_link_start(&config, &street->site);
    }
    return 0;
}

void street_stop_cameras(struct street *street)
{
    camera_server_stop(street->cameras);
    mqtt_link_stop(street->site);
}

static bool publish(struct street *street, const char *topic, const struct out *out)
{
    return mqtt_link_publish(street->site, topic, out_str(out), false) == 0;
}

/* What it is, then a first reading, then a better one of the same. */
static bool tell_frigate(struct street *street, int lane_index, const struct camera_shot *shot)
{
    char space[CAMERA_BODY_CAP];
    struct out out;
    out_init(&out, space, sizeof space);
    maker_write_frigate_new(shot, names[lane_index], &out);
    bool fine = publish(street, "frigate/events", &out);
    for (int score = 880; fine && shot->text[0] && score < 1000; score += 80) {
        out_init(&out, space, sizeof space);
        maker_write_frigate(shot, names[lane_index], score, &out);
        fine = publish(street, "frigate/tracked_object_update", &out);
    }
    return fine;
}

int street_shoot(struct street *street, int lane_index)
{
    const struct shot *shot = &street->shot[lane_index];
    bool taken = street->options.camera == MAKER_FRIGATE
                     ? tell_frigate(street, lane_index, &shot->shot)
                     : camera_server_shoot(street->cameras, street->options.camera, &shot->shot,
                                           shot->variant);
    return taken ? 200 : 0;
}
