# Pages and API over real sockets, against the real app and database.
if(TARGET server_web)
    add_library(doxe_web_fixture STATIC ${CMAKE_CURRENT_LIST_DIR}/web_fixture.c)
    target_link_libraries(doxe_web_fixture PRIVATE doxe_flags
        PUBLIC doxe_harness server_web server_api server_io server_app server_store)
    target_compile_definitions(doxe_web_fixture PRIVATE _POSIX_C_SOURCE=200809L _DEFAULT_SOURCE
        DOXE_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
    foreach(test http_access http_pages http_api http_live http_receipt http_pass http_cases http_office http_driver http_city http_openapi)
        doxe_test(${test}_test.c LABEL integration DEPENDS doxe_web_fixture)
    endforeach()
endif()
