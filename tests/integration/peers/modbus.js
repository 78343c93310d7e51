'use strict';
// modbus.js - jsmodbus and modbus-serial against our module, and our gate against them.  See peers.sh.
const assert = require('node:assert');
const { spawn } = require('node:child_process');
const fs = require('node:fs');
const net = require('node:net');
const os = require('node:os');
const path = require('node:path');
const readline = require('node:readline');

// What a child says, line by line; wait(match) gives the first line that fits.
function talk(child) {
    const lines = [];
    let wake = () => {};
    readline.createInterface({ input: child.stdout }).on('line', (line) => {
        lines.push(line);
        wake();
    });
    return async function wait(match) {
        const until = Date.now() + 10000;
        for (;;) {
            const at = lines.findIndex((line) => match.test(line));
            if (at >= 0) return lines.splice(at, 1)[0].match(match);
            assert.ok(Date.now() < until, `nothing like ${match} was said`);
            await new Promise((resolve) => { wake = resolve; setTimeout(resolve, 200); });
        }
    };
}

async function ourModule(play) {
    const child = spawn(process.env.PEERS_MODULE, [], { stdio: ['pipe', 'pipe', 'inherit'] });
    const wait = talk(child);
    const port = Number((await wait(/^port (\d+)$/))[1]);
    try {
        await play(port, wait, (line) => child.stdin.write(`${line}\n`));
    } finally {
        child.stdin.end();
        await new Promise((resolve) => child.once('exit', resolve));
    }
}

async function theyDriveOurs(peer) {
    const jsmodbus = peer('jsmodbus');
    const ModbusRTU = peer('modbus-serial');
    await ourModule(async (port, wait, tell) => {
        const socket = new net.Socket();
        const client = new jsmodbus.client.TCP(socket, 1, 2000);
        socket.connect({ host: '127.0.0.1', port });
        await new Promise((resolve) => socket.once('connect', resolve));
        tell('input 3 1');
        await wait(/^done$/);
        const read = await client.readDiscreteInputs(0, 8);
        assert.deepStrictEqual(read.response.body.valuesAsArray, [0, 0, 0, 1, 0, 0, 0, 0]);
        await client.writeSingleCoil(9, true);
        await wait(/^coil 9 1$/);
        await client.writeMultipleCoils(8, [true, false]);
        await wait(/^coil 8 1$/);
        await wait(/^coil 9 0$/);
        await assert.rejects(client.readDiscreteInputs(15, 4), (e) => e.response.body.code === 2);
        socket.destroy();

        const other = new ModbusRTU();
        await other.connectTCP('127.0.0.1', { port });
        other.setID(1);
        other.setTimeout(2000);
        assert.strictEqual((await other.readDiscreteInputs(3, 1)).data[0], true);
        assert.deepStrictEqual((await other.readCoils(8, 2)).data.slice(0, 2), [true, false]);
        await other.writeCoil(8, false);
        await wait(/^coil 8 0$/);
        other.setID(2); // the text display
        await other.writeRegisters(0, [0x5841, 0x4D20]);
        assert.deepStrictEqual((await other.readHoldingRegisters(0, 2)).data, [0x5841, 0x4D20]);
        other.setID(9);
        await assert.rejects(other.readCoils(0, 1), (e) => e.modbusCode === 11);
        await new Promise((resolve) => other.close(resolve));
    });
}

const PLATE = '<?xml version="1.0"?><EventNotificationAlert><eventType>ANPR</eventType><ANPR>'
    + '<licensePlate>30F12345</licensePlate><confidenceLevel>97</confidenceLevel>'
    + '<vehicleType>SUVMPV</vehicleType></ANPR><UUID>u-1</UUID></EventNotificationAlert>';

function freePort() {
    return new Promise((resolve) => {
        const probe = net.createServer().listen(0, '127.0.0.1', () => {
            const { port } = probe.address();
            probe.close(() => resolve(port));
        });
    });
}

// A vehicle before a doxe-gate whose module listens on `port`; done() says that the arm was ordered up.
async function ourGate(port, profile, hard, arrive, done) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'doxe-peers-'));
    const http = await freePort();
    const config = path.join(folder, 'gate.yaml');
    fs.writeFileSync(config, `
gate: {id: g1, lot: lot}
journal: ${folder}/journal.db
mqtt: {url: "tcp://127.0.0.1:${await freePort()}"}
http: {listen: "127.0.0.1:${http}"}
buses:
  - {name: io, address: "127.0.0.1:${port}", profile: ${profile}, poll_ms: 10, timeout_ms: 1000}
lanes:
  - lane: 1
    direction: entry
    camera: cam
    travel_ms: 300
    inputs:
      - {role: arming_loop, bus: io, channel: 1, debounce_ms: 0}
      - {role: safety_loop, bus: io, channel: 2, debounce_ms: 0}
    outputs:
      - {role: open, bus: io, channel: 1, pulse_ms: 200, hardware_pulse: ${hard}}
      - {role: close, bus: io, channel: 2, pulse_ms: 200, hardware_pulse: ${hard}}
`);
    const gate = spawn(process.env.PEERS_GATE, ['--config', config], { stdio: ['ignore', 'ignore', 'pipe'] });
    let log = '';
    gate.stderr.on('data', (bytes) => { log += bytes; });
    const until = Date.now() + 20000;
    const wait = async (fact) => {
        while (!fact()) {
            assert.ok(Date.now() < until, `${profile}: it never came to that:\n${log}`);
            await new Promise((resolve) => setTimeout(resolve, 20));
        }
    };
    try {
        await wait(() => /reachable=yes/.test(log));
        const answer = await fetch(`http://127.0.0.1:${http}/camera/cam`,
            { method: 'POST', headers: { 'content-type': 'application/xml' }, body: PLATE });
        assert.strictEqual(answer.status, 200);
        arrive();
        await wait(done);
    } finally {
        gate.kill('SIGTERM');
        await new Promise((resolve) => gate.once('exit', resolve));
        fs.rmSync(folder, { recursive: true });
    }
}

async function weDriveJsmodbus(peer) {
    const jsmodbus = peer('jsmodbus');
    for (const [profile, hard, inputs, seen] of [
        ['waveshare-relay-8-inputs', false, 'discrete', (b) => b.ever.has('coil 0')],
        ['adam-6060', false, 'coils', (b) => b.ever.has('coil 16')],
        ['lc-relay-8', true, 'discrete', (b) => b.holding.readUInt16BE(6) === 2 && b.holding.readUInt16BE(8) === 2],
    ]) {
        const board = {
            coils: Buffer.alloc(256), discrete: Buffer.alloc(256), holding: Buffer.alloc(512), ever: new Set(),
        };
        const listener = net.createServer();
        const server = new jsmodbus.server.TCP(listener,
            { coils: board.coils, discrete: board.discrete, holding: board.holding, input: Buffer.alloc(512) });
        server.on('postWriteSingleCoil', (request) => {
            if (request.body.value) board.ever.add(`coil ${request.body.address}`);
        });
        await new Promise((resolve) => listener.listen(0, '127.0.0.1', resolve));
        await ourGate(listener.address().port, profile, hard,
            () => { board[inputs][0] |= 1; }, () => seen(board));
        listener.close();
    }
}

async function weDriveModbusSerial(peer) {
    const { ServerTCP } = peer('modbus-serial');
    for (const [profile, hard, inputs, expected] of [
        ['waveshare-relay-8-inputs', false, 'discrete', 'coil 0 true'],
        ['adam-6060', false, 'coil', 'coil 16 true'],
        ['lc-relay-8', true, 'discrete', 'registers 3 2,2'],
    ]) {
        const written = new Set();
        let arrived = false;
        const bit = (kind) => (address) => arrived && kind === inputs && address === 0;
        const port = await freePort();
        const server = new ServerTCP({
            getDiscreteInput: bit('discrete'),
            getCoil: bit('coil'),
            getHoldingRegister: () => 0,
            getInputRegister: () => 0,
            setCoil: (address, value) => { written.add(`coil ${address} ${value}`); },
            setRegisterArray: (address, values) => { written.add(`registers ${address} ${values}`); },
            setRegister: (address, value) => { written.add(`register ${address} ${value}`); },
        }, { host: '127.0.0.1', port, unitID: 1 });
        await new Promise((resolve) => server.once('initialized', resolve));
        await ourGate(port, profile, hard, () => { arrived = true; }, () => written.has(expected));
        await new Promise((resolve) => server.close(resolve));
    }
}

module.exports = {
    'modbus-they-drive-our-module': theyDriveOurs,
    'modbus-our-gate-drives-jsmodbus': weDriveJsmodbus,
    'modbus-our-gate-drives-modbus-serial': weDriveModbusSerial,
};
