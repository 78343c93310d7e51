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
