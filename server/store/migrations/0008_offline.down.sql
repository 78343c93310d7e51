DROP TABLE event_time;
DROP TABLE session_code;
DROP TABLE offline_quote;
DROP INDEX session_inside;
DROP TABLE lot_config;
DROP TABLE lot_list_version;
DROP TABLE lot_list;
