# Independent implementations read what doxe builds, and the reverse (peers.sh, peers.js).
if(TARGET doxe)
    foreach(case vietqr-they-read-ours vietqr-we-read-theirs payos-we-verify-theirs
            vectors-through-the-program messages-by-ajv zbar-scans-our-pictures)
        add_test(NAME integration.peers.${case}
            COMMAND ${CMAKE_CURRENT_LIST_DIR}/peers.sh ${case})
        set_tests_properties(integration.peers.${case} PROPERTIES LABELS integration TIMEOUT 180
            SKIP_RETURN_CODE 77 RESOURCE_LOCK peers_node_modules
            ENVIRONMENT "PEERS_DOXE=$<TARGET_FILE:doxe>;PEERS_BUILD=${CMAKE_BINARY_DIR}/peers")
    endforeach()
endif()
# The module and the gate against two libraries for Modbus that are not libmodbus.
add_executable(peers_modbus_module ${CMAKE_CURRENT_LIST_DIR}/module.c)
target_link_libraries(peers_modbus_module PRIVATE doxe_flags sim_live)
target_compile_definitions(peers_modbus_module PRIVATE _POSIX_C_SOURCE=200809L _DEFAULT_SOURCE)
set_target_properties(peers_modbus_module PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
foreach(case modbus-they-drive-our-module modbus-our-gate-drives-jsmodbus modbus-our-gate-drives-modbus-serial)
    add_test(NAME integration.peers.${case} COMMAND ${CMAKE_CURRENT_LIST_DIR}/peers.sh ${case})
    set_tests_properties(integration.peers.${case} PROPERTIES LABELS integration TIMEOUT 180
        SKIP_RETURN_CODE 77 RESOURCE_LOCK peers_node_modules
        ENVIRONMENT "PEERS_MODULE=$<TARGET_FILE:peers_modbus_module>;PEERS_GATE=$<TARGET_FILE:doxe-gate>;PEERS_BUILD=${CMAKE_BINARY_DIR}/peers")
endforeach()
