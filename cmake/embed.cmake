# embed.cmake - files as C bytes:
#   cmake -DOUT=x.c -DNAMES="a.css;b.js" -DFROM=folder [-DHEADER=x/assets.h -DPREFIX=x_] -P embed.cmake
# HEADER declares `struct <PREFIX>asset`, `<PREFIX>assets[]` and `<PREFIX>asset_count`.
# The program carries its pages' assets, so that a binary and its assets cannot differ in version.
if(NOT HEADER)
    set(HEADER server/web/assets.h)
endif()
set(text "/* Made by cmake/embed.cmake. */\n#include \"${HEADER}\"\n\n")
set(table "")
foreach(name ${NAMES})
    file(READ ${FROM}/${name} hex HEX)
    file(SHA256 ${FROM}/${name} digest)
    string(SUBSTRING ${digest} 0 16 version)
    string(MAKE_C_IDENTIFIER ${name} id)
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
    string(REGEX REPLACE "(................................................................................)" "\\1\n" bytes "${bytes}")
    string(APPEND text "static const unsigned char bytes_${id}[] = {\n${bytes}\n};\n")
    string(APPEND table "    {\"${name}\", \"\\\"${version}\\\"\", bytes_${id}, sizeof bytes_${id}},\n")
endforeach()
string(APPEND text "\nconst struct ${PREFIX}asset ${PREFIX}assets[] = {\n${table}};\n")
string(APPEND text "const int ${PREFIX}asset_count = sizeof ${PREFIX}assets / sizeof ${PREFIX}assets[0];\n")
file(WRITE ${OUT} "${text}")
