# The server's application over the real SQLite; its broker, bank and clock are the test's.
doxe_test(server_test.c LABEL integration DEPENDS server_app)
target_sources(server_test PRIVATE server_world.c)
