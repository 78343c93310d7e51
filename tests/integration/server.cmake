# The server's application over the real SQLite; its broker, bank and clock are the test's.
doxe_test(server_test.c LABEL integration DEPENDS server_app)
target_sources(server_test PRIVATE server_world.c)
# The same day disturbed at each call of the database.
doxe_test(server_crash_test.c LABEL integration DEPENDS server_app TIMEOUT 600)
target_sources(server_crash_test PRIVATE server_world.c)
target_link_options(server_crash_test PRIVATE -Wl,--wrap=sqlite3_step)
# The writer's thread, and those who ask it.
doxe_test(server_writer_test.c LABEL integration DEPENDS server_io)
target_sources(server_writer_test PRIVATE server_world.c)
# All sources of bank credits over the real database.
doxe_test(bank_sources_test.c LABEL integration DEPENDS server_app)
target_sources(bank_sources_test PRIVATE server_world.c)
# What the tax authority is handed: the form 01/TTGD of a real ledger.
doxe_test(tax_test.c LABEL integration DEPENDS server_io)
target_sources(tax_test PRIVATE server_world.c)
# Cash and shifts.
doxe_test(server_cash_test.c LABEL integration DEPENDS server_app)
target_sources(server_cash_test PRIVATE server_world.c)
doxe_test(invoice_app_test.c LABEL integration DEPENDS server_app)
target_sources(invoice_app_test PRIVATE server_world.c)
# Money that needs people: suspense and two persons, reversals, refunds, debts.
doxe_test(cases_test.c LABEL integration DEPENDS server_app)
target_sources(cases_test PRIVATE server_world.c)
# Passes, and cash on its way to the bank.
doxe_test(server_pass_test.c LABEL integration DEPENDS server_app)
target_sources(server_pass_test PRIVATE server_world.c)
# Providers' lists over HTTP, and all sources in threads of their own.
doxe_test(bank_poll_test.c LABEL integration DEPENDS server_io sim_world)
target_sources(bank_poll_test PRIVATE server_world.c)
doxe_test(invoice_sender_test.c LABEL integration DEPENDS server_io sim_live)
target_sources(invoice_sender_test PRIVATE server_world.c)
# Random days against a reference of its own.
doxe_test(server_books_test.c LABEL integration DEPENDS server_app)
target_sources(server_books_test PRIVATE server_world.c)
doxe_test(dayclose_test.c LABEL integration DEPENDS server_io)
target_sources(dayclose_test PRIVATE server_world.c)
# What goes wrong in public projects, and what texts of transfers look like.
doxe_test(payment_facts_test.c LABEL integration DEPENDS server_app)
target_sources(payment_facts_test PRIVATE server_world.c)
# What gates decided without the server, and what they are told.
doxe_test(server_offline_test.c LABEL integration DEPENDS server_app)
target_sources(server_offline_test PRIVATE server_world.c)
doxe_test(etc_app_test.c LABEL integration DEPENDS server_io sim_live)
target_sources(etc_app_test PRIVATE server_world.c)
# The nine rules between gate and server: the gate's core and journal, a bad line, the server.
doxe_test(delivery_rules_test.c LABEL integration DEPENDS server_app gate_io gate_core)
target_sources(delivery_rules_test PRIVATE server_world.c rules_site.c)
# Statements of banks from the command line, with and without a running server.
doxe_test(bank_import_test.c LABEL integration DEPENDS server_io)
target_sources(bank_import_test PRIVATE server_world.c)
doxe_test(delivery_week_test.c LABEL integration DEPENDS server_app gate_io gate_core)
target_sources(delivery_week_test PRIVATE server_world.c rules_site.c)
# A month of two lots, with an auditor; the commands it runs ask the test's clock.
doxe_test(month_test.c LABEL integration DEPENDS server_io TIMEOUT 600)
target_sources(month_test PRIVATE month_world.c month_bank.c month_people.c month_desk.c)
target_link_options(month_test PRIVATE -Wl,--wrap=clock_wall)
# Tariffs that people publish.
doxe_test(tariff_publish_test.c LABEL integration DEPENDS server_app)
target_sources(tariff_publish_test PRIVATE server_world.c)
# What pages let the worker do.
doxe_test(office_jobs_test.c LABEL integration DEPENDS server_office)
target_sources(office_jobs_test PRIVATE server_world.c)
# Personal data: terms, holds, a person's export and erasure, and a crash at each step of it.
doxe_test(privacy_test.c LABEL integration DEPENDS server_app)
target_sources(privacy_test PRIVATE server_world.c)
target_link_options(privacy_test PRIVATE -Wl,--wrap=sqlite3_step)
