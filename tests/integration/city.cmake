# The real programs together, as ./run demo starts them, in the build under test.
function(city_test name base_port timeout)
    math(EXPR server "${base_port} + 1")
    math(EXPR gate "${base_port} + 2")
    math(EXPR modbus "${base_port} + 3")
    add_test(NAME integration.${name}
        COMMAND ${CMAKE_SOURCE_DIR}/sim/demo.sh --bin ${CMAKE_BINARY_DIR}/bin
            --state ${CMAKE_BINARY_DIR}/state/${name} --lang en ${ARGN})
    set_tests_properties(integration.${name} PROPERTIES LABELS integration TIMEOUT ${timeout}
        ENVIRONMENT "DOXE_MQTT_PORT=${base_port};DOXE_SERVER_PORT=${server};DOXE_GATE_PORT=${gate};DOXE_MODBUS_PORT=${modbus}")
endfunction()

# Every visit closes and the money agrees.
city_test(demo_closes_every_visit_and_the_money_agrees 21000 300 --for 40 --speed 30 --rate 40 --seed 7)
# kill -9 of broker, server or gate at random moments: nothing is lost, nobody is charged twice.
# The faults of a plan in devices and banks, over their own sockets; seed 9 cuts a passage by a silent bus.
city_test(a_street_whose_devices_fail_agrees_in_the_end 20000 300 --for 60 --speed 30 --rate 30 --seed 9 --faults)
city_test(kill_9_twenty_four_times_loses_nothing 22000 600 --for 100 --speed 30 --rate 30 --kill 24)
# Help, version, checks, exit codes, readiness, clean stop of every program.
add_test(NAME integration.programs_keep_their_word_at_their_edges
    COMMAND ${CMAKE_CURRENT_LIST_DIR}/programs.sh ${CMAKE_BINARY_DIR}/bin ${CMAKE_BINARY_DIR}/state/programs)
set_tests_properties(integration.programs_keep_their_word_at_their_edges PROPERTIES LABELS integration
    TIMEOUT 120 ENVIRONMENT "DOXE_MQTT_PORT=23000;DOXE_SERVER_PORT=23001;DOXE_GATE_PORT=23002;DOXE_MODBUS_PORT=23003")
# Wrong options, two demos at once, the end of one.
add_test(NAME integration.demo_keeps_its_word_at_its_edges
    COMMAND ${CMAKE_CURRENT_LIST_DIR}/demo_edges.sh ${CMAKE_BINARY_DIR}/bin ${CMAKE_BINARY_DIR}/state/edges)
set_tests_properties(integration.demo_keeps_its_word_at_its_edges PROPERTIES LABELS integration
    TIMEOUT 120 ENVIRONMENT "DOXE_MQTT_PORT=24000;DOXE_SERVER_PORT=24001;DOXE_GATE_PORT=24002;DOXE_MODBUS_PORT=24003")
# A line that is cut: exits priced, confirmed, paid without it; then the books agree.
add_test(NAME integration.life_without_the_server_settles_when_the_line_is_back
    COMMAND ${CMAKE_CURRENT_LIST_DIR}/offline_life.sh ${CMAKE_BINARY_DIR}/bin ${CMAKE_BINARY_DIR}/state/offline
        $<TARGET_FILE:peers_modbus_module>)
set_tests_properties(integration.life_without_the_server_settles_when_the_line_is_back PROPERTIES LABELS integration
    TIMEOUT 300 ENVIRONMENT "DOXE_MQTT_PORT=26000;DOXE_SERVER_PORT=26001;DOXE_GATE_PORT=26002;DOXE_CONSOLE_PORT=26004")
# A bank that tells each transfer eight times, and a server that is killed while it listens.
add_test(NAME integration.a_bank_repeats_itself_and_kill_9_books_each_transfer_once
    COMMAND ${CMAKE_CURRENT_LIST_DIR}/bank_kill.sh ${CMAKE_BINARY_DIR}/bin ${CMAKE_BINARY_DIR}/state/bank_kill)
set_tests_properties(integration.a_bank_repeats_itself_and_kill_9_books_each_transfer_once PROPERTIES LABELS integration
    TIMEOUT 180 ENVIRONMENT "DOXE_MQTT_PORT=27000;DOXE_SERVER_PORT=27001")
# A simulated history as a database that the real server opens.
add_test(NAME integration.an_exported_history_is_right_and_shows_its_pages
    COMMAND ${CMAKE_CURRENT_LIST_DIR}/export.sh ${CMAKE_BINARY_DIR}/bin ${CMAKE_BINARY_DIR}/state/export)
set_tests_properties(integration.an_exported_history_is_right_and_shows_its_pages PROPERTIES LABELS integration
    TIMEOUT 180 ENVIRONMENT "DOXE_MQTT_PORT=28000;DOXE_SERVER_PORT=28001")
# Several gates towards one server, with the time it takes.
add_test(NAME integration.many_gates_get_every_event_acknowledged
    COMMAND ${CMAKE_CURRENT_LIST_DIR}/load.sh ${CMAKE_BINARY_DIR}/bin ${CMAKE_BINARY_DIR}/state/load)
set_tests_properties(integration.many_gates_get_every_event_acknowledged PROPERTIES LABELS integration
    TIMEOUT 180 ENVIRONMENT "DOXE_MQTT_PORT=29000;DOXE_SERVER_PORT=29001")

# The transport department's month: signed, verified by openssl, caught up, and the figures checked.
if(TARGET doxe-server)
    add_test(NAME integration.a_month_s_report_is_signed_and_made_once
        COMMAND ${CMAKE_CURRENT_LIST_DIR}/month_report.sh ${CMAKE_BINARY_DIR}/bin/doxe-server ${CMAKE_SOURCE_DIR})
    set_tests_properties(integration.a_month_s_report_is_signed_and_made_once PROPERTIES LABELS integration TIMEOUT 60)
endif()
