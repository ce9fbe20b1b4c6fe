// A packed bundle, as results.WritePacked writes it, made what results.WriteBundle
// makes of the same run. Its text is edited, not parsed and written anew, so that every
// number stays as it is.

async function plainBundle(packed) {
  const lead = '\n  ],\n  "histograms": "';
  const end = packed.lastIndexOf(lead);
  const inBase64 = packed.slice(end + lead.length, packed.indexOf('"', end + lead.length));
  // No text in a bundle can look like this: quotes within texts are escaped.
  const place = /"(latency|service|lag)":"packed"/g;
  const body = packed.slice(0, end).replace('"gwbench packed bundle"', '"gwbench bundle"');
  const histograms = await histogramsOf(fromBase64(inBase64), body.match(place)?.length ?? 0);
  let next = 0;
  const plain = `${body.replace(place, (_, name) => `"${name}":"${histograms[next++]}"`)}\n  ]`;
  return `${plain},\n  "sum": "${crc32c(plain)}"\n}\n`;
}

function fromBase64(text) {
  return Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
}

// crc32c is the checksum at the end of a bundle.
function crc32c(text) {
  const table = Uint32Array.from({ length: 256 }, (_, n) => {
    for (let i = 0; i < 8; i++) {
      n = n & 1 ? (n >>> 1) ^ 0x82f63b78 : n >>> 1;
    }
    return n;
  });
  let sum = 0xffffffff;
  for (const byte of new TextEncoder().encode(text)) {
    sum = (sum >>> 8) ^ table[(sum ^ byte) & 0xff];
  }
  return (~sum >>> 0).toString(16).padStart(8, "0");
}
