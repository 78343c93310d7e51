# doxe-gate's shell against real lines: Modbus devices, HTTP pushes, scanners, a broker.
pkg_check_modules(libmodbus REQUIRED IMPORTED_TARGET GLOBAL libmodbus)
doxe_test(gate_map_test.c LABEL integration DEPENDS gate_io gate_core doxe_io)
doxe_test(gate_twin_test.c LABEL integration DEPENDS sim_live gate_io gate_console gate_core doxe_io)
doxe_test(gate_modbus_test.c LABEL integration DEPENDS gate_io PkgConfig::libmodbus)
target_sources(gate_modbus_test PRIVATE modbus_peer.c)
doxe_test(gate_shell_test.c LABEL integration
    DEPENDS gate_io gate_console gate_core doxe_io PkgConfig::libmodbus)
target_sources(gate_shell_test PRIVATE modbus_peer.c)
# One car by each maker's camera, played by the street's cameras.
doxe_test(gate_cameras_test.c LABEL integration
    DEPENDS sim_live gate_io gate_console gate_core doxe_io PkgConfig::libmodbus)
target_sources(gate_cameras_test PRIVATE modbus_peer.c)
doxe_test(scanner_test.c LABEL integration DEPENDS gate_io gate_core doxe_io)
target_link_options(scanner_test PRIVATE -Wl,--wrap=ioctl)
doxe_test(desk_access_test.c LABEL integration DEPENDS gate_io gate_console gate_core doxe_io)
# The journal's files cut short and garbled, and a disk without room.
doxe_test(journal_damage_test.c LABEL integration DEPENDS gate_io gate_core doxe_io)
