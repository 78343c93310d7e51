# What the port of the server's store promises, asked of each store behind it: one program a store.
# doxe_store_suite(NAME "path with %s for a new folder" DEPENDS lib...)
function(doxe_store_suite name path)
    cmake_parse_arguments(arg "" "" "DEPENDS" ${ARGN})
    set(program store_suite_${name})
    add_executable(${program} store_suite.c)
    target_link_libraries(${program} PRIVATE doxe_flags doxe_harness ${arg_DEPENDS})
    target_compile_definitions(${program} PRIVATE _POSIX_C_SOURCE=200809L _DEFAULT_SOURCE
        SUITE_PATH="${path}")
    set_target_properties(${program} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
    file(STRINGS store_suite.c lines REGEX "^static void test_[a-z0-9_]+\\(void \\*\\*")
    foreach(line ${lines})
        string(REGEX REPLACE "^static void (test_[a-z0-9_]+).*" "\\1" case ${line})
        string(REPLACE "test_store__" "store_${name}." sentence ${case})
        add_test(NAME integration.${sentence} COMMAND ${program} ${case})
        set_tests_properties(integration.${sentence} PROPERTIES LABELS integration TIMEOUT 600)
    endforeach()
endfunction()
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS store_suite.c)
# The same calls from a seed: every store answers as SQLite does, to the letter.
function(doxe_store_transcript name path)
    cmake_parse_arguments(arg "" "" "DEPENDS" ${ARGN})
    set(program store_transcript_${name})
    add_executable(${program} store_transcript.c)
    target_link_libraries(${program} PRIVATE doxe_flags doxe_harness ${arg_DEPENDS})
    target_compile_definitions(${program} PRIVATE _POSIX_C_SOURCE=200809L _DEFAULT_SOURCE
        SUITE_PATH="${path}")
    set_target_properties(${program} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
    if(NOT name STREQUAL "sqlite")
        add_test(NAME integration.store_${name}.answers_as_sqlite_does
            COMMAND ${CMAKE_CURRENT_LIST_DIR}/store_transcript.sh $<TARGET_FILE:store_transcript_sqlite>
                $<TARGET_FILE:${program}>)
        set_tests_properties(integration.store_${name}.answers_as_sqlite_does PROPERTIES LABELS integration
            TIMEOUT 600)
    endif()
endfunction()
doxe_store_transcript(sqlite "%s/doxe.db" DEPENDS server_store)
doxe_store_transcript(memory "memory:%s" DEPENDS sim_store)
doxe_store_suite(sqlite "%s/doxe.db" DEPENDS server_store)
doxe_store_suite(memory "memory:%s" DEPENDS sim_store)
# Messages as values leave the same books as their text.
doxe_test(values_test.c LABEL integration DEPENDS server_app)
target_sources(values_test PRIVATE server_world.c)
# A history over the store in memory, written as a real database.
# server_store last, for its queries: the port is resolved by sim_store before.
doxe_test(export_test.c LABEL integration DEPENDS server_app sim_export sim_store server_store)
set_target_properties(export_test PROPERTIES DOXE_STORE memory)
