/*
 * camera_server.h - cameras that wait to be asked: Dahua's event stream and an ONVIF pull point.
 *
 * One listener for all lanes, login by HTTP digest (libmicrohttpd checks it):
 *     GET  /cgi-bin/snapManager.cgi?…&channel=N     endless multipart, Heartbeat parts between
 *     POST /onvif/N/event_service                   CreatePullPointSubscription
 *     POST /onvif/N/subscription                    PullMessages, Renew
 * What happens while nobody hears it is lost, as with most cameras; a pull point keeps it for a few
 * seconds between two questions.
 *
 * The only file of doxe-sim that sees microhttpd.
 */
#ifndef DOXE_SIM_CAMERA_SERVER_H
#define DOXE_SIM_CAMERA_SERVER_H

#include "sim/live/camera_kinds.h"

enum { CAMERA_CHANNELS = 16, CAMERA_QUEUE_CAP = 64 * 1024, CAMERA_HEARTBEAT_MS = 1000 };

struct camera_server;

struct camera_server_config {
    const char *listen; /* "127.0.0.1:0" */
    const char *user, *password;
};

/* DX_E_CONFIG, DX_E_IO (the port is taken), DX_E_MEMORY. */
DX_MUST_USE int camera_server_start(const struct camera_server_config *config,
                                    struct camera_server **ret_server);
void camera_server_stop(struct camera_server *server);
int camera_server_port(const struct camera_server *server);
/* The event of the lane's camera; MAKER_DAHUA or MAKER_ONVIF.  False: nobody hears it. */
bool camera_server_shoot(struct camera_server *server, enum maker maker,
                         const struct camera_shot *shot, unsigned variant);
/* Ends all streams and subscriptions, as a camera that restarts. */
void camera_server_cut(struct camera_server *server);
/* Requests that passed the login, so far. */
int camera_server_requests(struct camera_server *server);

#endif
