const ADJECTIVES =
  "able amber ample ardent awake balmy beaming bold brave breezy bright brisk busy calm candid careful cheery " +
  "civil clear clever coastal cosy curious daring deft dewy eager early earnest easy fair fancy fleet fluent " +
  "frank fresh gentle glad golden graceful handy happy hardy hearty honest hopeful humble jaunty jolly keen " +
  "kind lively loyal lucid lucky mellow merry mild modest neat nimble noble patient placid polite prompt proud " +
  "quick quiet ready rested robust serene sharp silent snappy sober spry stately steady sturdy sunny swift " +
  "tender thrifty tidy trusty upbeat vivid warm witty zesty";

/** People of computing, mathematics and the sea. */
const SURNAMES =
  "abel allen anning backus banach bartik bernoulli bolyai boole borg bose brahe cantor carson cerf church " +
  "clarke codd conway cook cori curie darwin dijkstra dirac earhart easley elion engelbart euclid euler fermat " +
  "floyd franklin galois gauss germain godel goldberg hamilton hamming hawking hermann hoare holberton hopper " +
  "huffman huygens hypatia jemison johnson kahn kay keller kepler kernighan khorana knuth lamarr lamport liskov " +
  "lovelace magellan matsumoto mcclintock meitner mendel milner mirzakhani moore naur newell neumann nobel " +
  "noether pascal pasteur perlis perlman poincare postel ramanujan ritchie rivest rosalind sammet shannon " +
  "shaw shockley stallman tesla thompson torvalds turing tu vaughan wescoff wiles wing wirth wozniak yalow yao";

/**
 * A name of Docker's kind, such as "keen_hopper". `random` is hexadecimal digits, at least eight of them; `attempt`
 * above 0 adds a digit, as names run out.
 */
export function randomName(random: string, attempt: number): string {
  const adjectives = ADJECTIVES.split(" ");
  const surnames = SURNAMES.split(" ");
  const left = adjectives[Number.parseInt(random.slice(0, 4), 16) % adjectives.length];
  const right = surnames[Number.parseInt(random.slice(4, 8), 16) % surnames.length];
  return `${left}_${right}${attempt > 0 ? attempt % 10 : ""}`;
}
