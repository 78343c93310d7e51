'use strict';
// peers.js CASE - what doxe builds others must read, and the reverse.  See peers.sh.
const assert = require('node:assert');
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const { createRequire } = require('node:module');
const os = require('node:os');
const path = require('node:path');

const peer = createRequire(path.join(process.env.PEERS_BUILD, 'package.json'));

function doxe(args, input) {
    const run = spawnSync(process.env.PEERS_DOXE, args, { input, encoding: 'utf8' });
    assert.ok(run.status === 0 || run.status === 1, `doxe ${args.join(' ')}: ${run.stderr}`);
    const answer = JSON.parse(run.stdout);
    assert.strictEqual(answer.valid, run.status === 0);
    return answer;
}

// A small repeatable generator: the same cases on every machine.
let seed = 20260302;
function draw(n) {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return (seed >>> 8) % n;
}
function text(alphabet, min, max) {
    const characters = Array.from(alphabet); // not UTF-16 halves
    let out = '';
    for (let n = min + draw(max - min + 1); n > 0; n--) {
        out += characters[draw(characters.length)];
    }
    return out;
}

const DIGITS = '0123456789';
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

function drawTransfer() {
    return {
        bin: text(DIGITS, 6, 6),
        account: text(DIGITS + LETTERS, 1, 19),
        amount: draw(3) ? String(1 + draw(9999999)) : undefined,
        purpose: draw(3) ? text(LETTERS + LETTERS.toLowerCase() + DIGITS, 1, 25) : undefined,
        card: draw(4) === 0,
    };
}

const ROUNDS = 60;

const cases = {
    'vietqr-they-read-ours'() {
        const { QRPay } = peer('vietnam-qr-pay');
        for (let i = 0; i < ROUNDS; i++) {
            const t = drawTransfer();
            const args = ['vietqr', 'make', '--bin', t.bin, '--account', t.account];
            if (t.amount) args.push('--amount', t.amount);
            if (t.purpose) args.push('--purpose', t.purpose);
            if (t.card) args.push('--service', 'QRIBFTTC');
            const isStatic = draw(2) === 0;
            if (isStatic) args.push('--static');
            args.push('--bill', `B${i}`);
            const qr = new QRPay(doxe(args).payload);
            assert.ok(qr.isValid);
            assert.strictEqual(qr.initMethod, isStatic ? '11' : '12');
            assert.strictEqual(qr.consumer.bankBin, t.bin);
            assert.strictEqual(qr.consumer.bankNumber, t.account);
            assert.strictEqual(qr.provider.service, t.card ? 'QRIBFTTC' : 'QRIBFTTA');
            assert.strictEqual(qr.amount, t.amount);
            assert.strictEqual(qr.currency, '704');
            assert.strictEqual(qr.nation, 'VN');
            assert.strictEqual(qr.additionalData.purpose, t.purpose);
            assert.strictEqual(qr.additionalData.billNumber, `B${i}`);
        }
    },

    'vietqr-we-read-theirs'() {
        const { QRPay } = peer('vietnam-qr-pay');
        for (let i = 0; i < ROUNDS; i++) {
            const t = drawTransfer();
            const service = t.card ? 'QRIBFTTC' : 'QRIBFTTA';
            const payload = QRPay.initVietQR({
                bankBin: t.bin, bankNumber: t.account, amount: t.amount, purpose: t.purpose, service,
            }).build();
            const read = doxe(['vietqr', 'parse', payload]);
            assert.strictEqual(read.valid, true, payload);
            assert.strictEqual(read.initiation, t.amount ? 'dynamic' : 'static');
            assert.strictEqual(read.bin, t.bin);
            assert.strictEqual(read.account, t.account);
            assert.strictEqual(read.service, service);
            assert.strictEqual(read.amount_vnd, t.amount ? Number(t.amount) : null);
            assert.strictEqual(read.purpose, t.purpose ?? null);
            const args = ['vietqr', 'make', '--bin', t.bin, '--account', t.account,
                '--service', service];
            if (t.amount) args.push('--amount', t.amount); else args.push('--static');
            if (t.purpose) args.push('--purpose', t.purpose);
            assert.strictEqual(doxe(args).payload, payload);
        }
        // It builds what breaks the rules without a word; we must say no to that.
        for (const broken of [
            { bankBin: '970436', bankNumber: '01234567890123456789' },
            { bankBin: '97043', bankNumber: '0123456789' },
            { bankBin: '970436', bankNumber: '0123456789', purpose: 'A'.repeat(26) },
            { bankBin: '970436', bankNumber: '0123456789', purpose: 'A'.repeat(120) },
            { bankBin: '970436', bankNumber: '0123456789', purpose: 'trả tiền' },
            { bankBin: '970436', bankNumber: '0123456789', amount: '50 000' },
            { bankBin: '970436', bankNumber: '0123456789', amount: '50000.5' },
        ]) {
            const payload = QRPay.initVietQR(broken).build();
            assert.strictEqual(doxe(['vietqr', 'parse', payload]).valid, false, payload);
        }
    },

    async 'payos-we-verify-theirs'() {
        const { PayOS } = peer('@payos/node');
        const key = 'test-checksum-key-0001';
        const sdk = new PayOS({ clientId: 'c', apiKey: 'a', checksumKey: key });
        const values = () => [
            draw(1e6), -draw(1e6), draw(1000) / 8, true, false, null, '', 'null', 'undefined',
            'Thành công', 'a&b=c d/e', '"\\\n\t\u0001\u2028', '🚗', [], [{ b: draw(9), a: 'ă' }],
            [{ z: { y: 1, x: [1, 'q'] } }, {}], { any: 1 },
        ][draw(17)];
        for (let i = 0; i < ROUNDS; i++) {
            const data = { orderCode: draw(1e9), amount: draw(1e7), code: draw(2) ? '00' : '01' };
            for (let n = draw(8); n > 0; n--) {
                data[text(LETTERS.toLowerCase() + LETTERS + DIGITS + '_đ😀\uffff', 1, 6)] = values();
            }
            const signature = await sdk.crypto.createSignatureFromObj(data, key);
            const body = { code: '00', desc: 'success', success: true, data, signature };
            await sdk.webhooks.verify(body);
            const send = (value) => doxe(
                ['webhook', 'verify', '--provider', 'payos', '--key', key], value);
            for (const spelling of [
                JSON.stringify(body),
                JSON.stringify(body, null, 2),
                JSON.stringify(body).replace(/[\u0080-\uffff]/g,
                    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`),
            ]) {
                const answer = send(spelling);
                assert.strictEqual(answer.accept, true, spelling);
                assert.strictEqual(answer.paid, data.code === '00');
            }
            data.amount += 1;
            assert.strictEqual(send(JSON.stringify(body)).accept, false);
            await assert.rejects(sdk.webhooks.verify(body));
        }
    },

    // Not a peer, but the place to hold the program, and not only the library, to the vectors.
    'vectors-through-the-program'() {
        const vectors = (name) => JSON.parse(
            fs.readFileSync(path.join(__dirname, '../../vectors', name), 'utf8')).cases;
        const options = { amount_vnd: '--amount', bill: '--bill', reference: '--reference',
            purpose: '--purpose', merchant_name: '--name', merchant_city: '--city',
            bin: '--bin', account: '--account', service: '--service' };
        for (const one of vectors('vietqr.json')) {
            const read = doxe(['vietqr', 'parse', one.payload]);
            assert.strictEqual(read.valid, one.valid, one.name);
            if (!one.valid) {
                assert.ok(read.error && read.where);
                continue;
            }
            const args = ['vietqr', 'make'];
            for (const [field, value] of Object.entries(one.fields)) {
                assert.strictEqual(read[field], value, `${one.name} ${field}`);
                if (options[field] && value !== null) args.push(options[field], String(value));
            }
            if (read.initiation === 'static') args.push('--static');
            assert.strictEqual(doxe(args).payload, one.payload);
        }
        for (const one of vectors('webhooks.json')) {
            const args = ['webhook', 'verify', '--provider', one.provider, '--key', one.key];
            for (const [header, value] of Object.entries(one.headers ?? {})) {
                args.push('--header', `${header}: ${value}`);
            }
            if (one.now !== undefined) args.push('--now', String(one.now));
            const answer = doxe(args, one.body);
            assert.strictEqual(answer.accept, one.accept, one.name);
            assert.strictEqual(Boolean(answer.error && answer.where), !one.accept);
        }
        const { code } = doxe(['paycode', 'new']);
        assert.match(code, /^DX[0-9A-HJKMNP-TV-Z]{8}$/);
        assert.strictEqual(doxe(['paycode', 'check', code.toLowerCase()]).code, code);
        const wrong = code.slice(0, 9) + (code[9] === '0' ? '1' : '0');
        assert.strictEqual(doxe(['paycode', 'check', wrong]).valid, false);
        const find = (content) => doxe(['paycode', 'find', content]);
        assert.strictEqual(find(`CT DEN:632708 ${code.slice(0, 4)} ${code.slice(4)}`).code, code);
        assert.strictEqual(find('chuyen tien').result, 'none');
        assert.strictEqual(find(`${code} ${doxe(['paycode', 'new']).code}`).result, 'several');
        const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'doxe-banks-'));
        try {
            const to = path.join(folder, 'banks.csv');
            const shipped = path.join(__dirname, '../../../etc/banks.csv');
            const fewer = path.join(folder, 'fewer.csv');
            const update = (from, ...more) => doxe(
                ['vietqr', 'banks', 'update', from, '--to', to, ...more]);
            assert.strictEqual(update(shipped).removed, 0);
            const lines = fs.readFileSync(shipped, 'utf8').split('\n');
            fs.writeFileSync(fewer, lines.filter((line) => !line.startsWith('970436')).join('\n'));
            assert.strictEqual(update(fewer).valid, false);
            assert.strictEqual(update(fewer, '--allow-removal').removed, 1);
            fs.writeFileSync(fewer, 'bin,name\n');
            assert.match(update(fewer).error, /:1: /);
            assert.strictEqual(update(shipped).added, 1);
        } finally {
            fs.rmSync(folder, { recursive: true });
        }
    },

    // The published message format by validators that are not ours: asyncapi.yaml is AsyncAPI 3.0.0,
    // each schema is JSON Schema 2020-12 without words that a strict reader does not know, each
    // example is what its schema says, and the schemas refuse what they should.
    'messages-by-ajv'() {
        const Ajv7 = peer('ajv').default;
        const Ajv2020 = peer('ajv/dist/2020').default;
        const docs = path.join(__dirname, '..', '..', '..', 'docs');
        const api = peer('yaml').parse(fs.readFileSync(path.join(docs, 'asyncapi.yaml'), 'utf8'));
        const meta = peer('@asyncapi/specs/schemas/3.0.0.json');
        delete meta.definitions['http://json-schema.org/draft-07/schema']; // ajv has its own
        const isAsyncApi = new Ajv7({ strict: false, validateFormats: false }).compile(meta);
        assert.ok(isAsyncApi(api), JSON.stringify(isAsyncApi.errors));
        assert.ok(!isAsyncApi({ ...api, operations: 7 }));

        const ajv = new Ajv2020({ strict: true });
        const folder = path.join(docs, 'schema');
        const unused = new Set();
        for (const file of fs.readdirSync(folder)) {
            ajv.addSchema(JSON.parse(fs.readFileSync(path.join(folder, file), 'utf8')),
                `schema/${file}`);
            unused.add(`schema/${file}`);
        }
        let examples = 0;
        for (const [name, message] of Object.entries(api.components.messages)) {
            const isMessage = ajv.getSchema(message.payload.$ref);
            assert.ok(isMessage, `${name}: there is no ${message.payload.$ref}`);
            unused.delete(message.payload.$ref);
            assert.ok(message.examples.length > 0, name);
            const { required, properties } = isMessage.schema;
            for (const { name: example, payload } of message.examples) {
                const takes = (change) => isMessage({ ...payload, ...change });
                assert.ok(isMessage(payload), `${example}: ${JSON.stringify(isMessage.errors)}`);
                assert.ok(takes({ of_tomorrow: 1 }), `${example}: unknown fields are ignored`);
                assert.ok(!takes({ v: payload.v + 1 }), `${example}: another version`);
                for (const key of required) {
                    assert.ok(!takes({ [key]: undefined }), `${example} without ${key}`);
                }
                for (const key of Object.keys(payload)) {
                    assert.ok(Object.hasOwn(properties, key), `${example}: ${key} is not described`);
                    assert.ok(!takes({ [key]: null }), `${example}: ${key} is null`);
                }
                examples++;
            }
        }
        assert.deepStrictEqual([...unused], []);
        assert.ok(examples >= Object.keys(api.components.messages).length);
    },

    'zbar-scans-our-pictures'() {
        const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'doxe-zbar-'));
        try {
            for (const scale of [2, 3, 4, 8, 16]) {
                for (let i = 0; i < 4; i++) {
                    const t = drawTransfer();
                    const png = path.join(folder, 'qr.png');
                    const made = doxe(['vietqr', 'make', '--bin', t.bin, '--account', t.account,
                        '--amount', String(1 + draw(9999999)), '--purpose', 'DX7K3M9Q2X',
                        '--bill', text(DIGITS + LETTERS, i * 8, i * 8), '--png', png,
                        '--scale', String(scale)]);
                    const scan = spawnSync('zbarimg', ['--raw', '-q', '-Sdisable', '-Sqr.enable',
                        png], { encoding: 'utf8' });
                    assert.strictEqual(scan.status, 0, `scale ${scale}: ${scan.stderr}`);
                    assert.strictEqual(scan.stdout, `${made.payload}\n`);
                    assert.strictEqual(doxe(['vietqr', 'parse', scan.stdout.trim()]).valid, true);
                }
            }
        } finally {
            fs.rmSync(folder, { recursive: true });
        }
    },
};

for (const [name, play] of Object.entries(require('./modbus.js'))) {
    cases[name] = () => play(peer);
}

const name = process.argv[2];
assert.ok(Object.hasOwn(cases, name), `one of ${Object.keys(cases).join(', ')}`);
Promise.resolve(cases[name]()).then(
    () => console.log(`${name}: agreed`),
    (error) => {
        console.error(error);
        process.exit(1);
    });
