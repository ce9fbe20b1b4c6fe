// The histograms of a packed bundle, as results/columns.go writes them: what is in which
// column is said there. All numbers are whole, and below 2^53.

// histogramsOf are so many histograms.
async function histogramsOf(packed, howMany) {
  const bytes = await through(new DecompressionStream("deflate"), packed);
  let at = 0;
  const number = () => {
    let [n, scale] = [0, 1];
    for (; bytes[at] > 127; at++, scale *= 128) {
      n += (bytes[at] % 128) * scale;
    }
    if (at >= bytes.length) {
      throw new Error("the packed histograms are damaged");
    }
    return n + bytes[at++] * scale;
  };
  const column = (length) => Array.from({ length }, number);
  const sizes = column(howMany);
  const all = sizes.reduce((sum, size) => sum + size, 0);
  const gaps = column(all);
  const counts = column(all);
  let next = 0;
  return Promise.all(sizes.map((size) => {
    const [from, to] = [next, (next += size)];
    return histogramOf(gaps.slice(from, to), counts.slice(from, to));
  }));
}

// histogramOf is the form that HdrHistogram calls V2 compressed, in base64. A gap is how
// many empty buckets lie before one, and counts are less 1.
async function histogramOf(gaps, counts) {
  const numbers = [];
  if (gaps.length === 0) {
    zigzag(numbers, 0);
  }
  gaps.forEach((gap, i) => {
    if (gap > 0) {
      zigzag(numbers, gap === 1 ? 0 : -gap);
    }
    zigzag(numbers, counts[i] + 1);
  });
  const plain = new Uint8Array(40 + numbers.length);
  const head = new DataView(plain.buffer);
  head.setUint32(0, 0x1c849313);
  head.setUint32(4, numbers.length);
  head.setUint32(12, 3);
  head.setBigUint64(16, 1n);
  head.setBigUint64(24, 60_000_000_000n);
  head.setFloat64(32, 1);
  plain.set(numbers, 40);
  const body = await through(new CompressionStream("deflate"), plain);
  const whole = new Uint8Array(8 + body.length);
  new DataView(whole.buffer).setUint32(0, 0x1c849314);
  new DataView(whole.buffer).setUint32(4, body.length);
  whole.set(body, 8);
  return btoa(String.fromCharCode(...whole));
}

// zigzag appends a number, of which the last bit says whether it is below 0.
function zigzag(bytes, n) {
  let rest = n < 0 ? -2 * n - 1 : 2 * n;
  while (rest > 127) {
    bytes.push((rest % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
}

// through sends bytes through a stream that compresses or expands them.
async function through(stream, bytes) {
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer());
}
