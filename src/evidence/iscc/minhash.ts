import { createWasmFunction, NO_RESULT, OP, signed } from '../../core/wasm-function.ts';

/** Features that are weighed at once. */
const BATCH = 16_384;
const HASHES = 64;

/**
 * The 64-dimensional minhash of 32-bit features, gathered in constant memory (ISO 24138, Text-Code and
 * Data-Code). Each hash is `(a * feature + b mod 2^64) mod (2^61 - 1) mod 2^32`; the least is kept.
 */
export class Minhash {
  readonly #least = new Uint32Array(HASHES).fill(0xffffffff);
  #features: number[] = [];

  add(feature: number): void {
    if (this.#features.length === BATCH) this.#weigh();
    this.#features.push(feature);
  }

  /** Returns 256 bits: the lowest bit of each hash, then the second, third and fourth. */
  digest(): Uint8Array {
    this.#weigh();
    const digest = new Uint8Array(32);
    for (let bit = 0; bit < 256; bit += 1) {
      const value = ((this.#least[bit % HASHES] ?? 0) >>> Math.floor(bit / HASHES)) & 1;
      digest[bit >> 3] = (digest[bit >> 3] ?? 0) | (value << (7 - (bit & 7)));
    }
    return digest;
  }

  #weigh(): void {
    loop ??= createLoop();
    const { call, memory } = loop;
    new Uint32Array(memory.buffer, FEATURES).set(this.#features);
    const end = FEATURES + 4 * this.#features.length;
    for (let hash = 0; hash < HASHES; hash += 1) {
      this.#least[hash] = call(16 * hash, FEATURES, end, this.#least[hash] ?? 0);
    }
    this.#features = [];
  }
}

/** Where the features lie in memory; before them, `a` and `b` of each hash. */
const FEATURES = 16 * HASHES;

let loop: ReturnType<typeof createLoop> | undefined;

/** Returns `(parameters, feature, end, least) => least`, which goes through the features. */
function createLoop() {
  const [parameters, feature, end, least, value, a, b, x] = [0, 1, 2, 3, 4, 5, 6, 7] as const;
  const get = (local: number) => [OP.local_get, local];
  const set = (local: number) => [OP.local_set, local];
  const prime = [OP.i64_const, ...signed((1n << 61n) - 1n)];
  const made = createWasmFunction(
    4,
    { i32: 1, i64: 3 },
    [
      ...[...get(parameters), OP.i64_load, 3, 0, ...set(a)],
      ...[...get(parameters), OP.i64_load, 3, 8, ...set(b)],
      ...[OP.block, NO_RESULT, OP.loop, NO_RESULT],
      ...[...get(feature), ...get(end), OP.i32_ge_u, OP.br_if, 1],
      ...[...get(a), ...get(feature), OP.i64_load32_u, 2, 0, OP.i64_mul, ...get(b), OP.i64_add],
      ...[OP.local_tee, x, ...prime, OP.i64_and],
      ...[...get(x), OP.i64_const, 61, OP.i64_shr_u, OP.i64_add, ...set(x)],
      ...[...get(x), ...prime, OP.i64_sub, ...get(x), ...get(x), ...prime, OP.i64_ge_u, OP.select],
      ...[OP.i32_wrap_i64, OP.local_tee, value, ...get(least)],
      ...[...get(value), ...get(least), OP.i32_lt_u, OP.select, ...set(least)],
      ...[...get(feature), OP.i32_const, 4, OP.i32_add, ...set(feature), OP.br, 0],
      ...[OP.end, OP.end],
      ...get(least),
    ],
    FEATURES + 4 * BATCH,
  );
  const numbers = new BigUint64Array(made.memory.buffer, 0, 2 * HASHES);
  for (let hash = 0; hash < HASHES; hash += 1) {
    numbers[2 * hash] = A[hash] ?? 0n;
    numbers[2 * hash + 1] = B[hash] ?? 0n;
  }
  return made;
}

const A = numbersIn(`
  853146490016488653 1849332765672628665 1131688930666554379 1936485333668353377
  890837126813020267 1988249303247129861 1408894512544874755 2140251716176616185
  1755124413189049421 1355916793659431597 546586563822844083 497603761441203021
  2000709902557454173 1057597903350092207 1576204252850880253 2078784234495706739
  1022616668454863635 2150082342606334489 712341150087765807 1511757510246096559
  1525853819909660573 1263771796138990131 1215963627200985263 590069150281426443
  130824646248385081 962725325544728503 1702561325943522847 296074222435072629 490211158716051523
  1255327197241792767 699458998727907367 32930168991409845 1985097843455124585 362027841570125531
  1903252144040897835 900391845076405289 547470123601853551 1689373724032359119
  845594231933442371 400331968021206285 174967108345233429 876513700861085019 505848386844809885
  1920468508342256199 1292611725303815789 963317239501343903 1730880032297268007
  284614929850059717 1185026248283273081 2167288823816985197 1214905315086686483
  1555253098157439857 1048013650291539723 1238618594841147605 1213502582686547311
  286300733803129311 1250358511639043529 407534797452854371 960869149538623787
  1722699901467253087 1325704236119824319 196979859428570839 1669408735473259699
  781336617016068757
`);

const B = numbersIn(`
  1089606993368836715 726972438868274737 66204585613901025 1078410179646709132
  1343470117098523467 698653121981343911 1248486536592473639 1447963007834012793
  1034598851883537815 1474008409379745934 793773480906057541 980501101461882479
  963941556313537655 233651787311327325 243905121737149907 570269452476776142 297633284648631084
  1516796967247398557 1494795672066692649 1728741177365151059 1029197538967983408
  1660732464170610344 1399769594446678069 506465470557005705 1279720146829545181
  860096419955634036 411519685280832908 69539191273403207 1960489729088056217 605092075716397684
  1017496016211653149 1304834535101321372 949013511180032347 1142776242221098779
  576980004709031232 1071272177143100544 1494527341093835499 1073290814142727850
  1285904200674942617 1277176606329477335 343788427301735585 2100915269685487331
  1227711252031557450 18593166391963377 2101884148332688233 191808277534686888
  2170124912729392024 918430470748151293 1831024560113812361 1951365515851067694
  744352348473654499 1921518311887826722 2020165648600700886 1764930142256726985
  1903893374912839788 1449378957774802122 1435825328374066345 833197549717762813
  2238991044337210799 748955638857938366 1834583747494146901 222012292803592982
  901238460725547841 1501611130776083278
`);

function numbersIn(text: string): readonly bigint[] {
  return text.trim().split(/\s+/).map(BigInt);
}
