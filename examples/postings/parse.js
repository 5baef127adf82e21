// Stands in for the parser, which reads the pages that were fetched: prints the key of each posting and the text it found,
// and nothing else. Where a page has no text it says so with null.
const count = 120;
for (let n = 0; n < count; n++) {
  const text = n % 40 === 39 ? null : `We are looking for a colleague, number ${n + 1} of this year.`;
  process.stdout.write(`${JSON.stringify({ job_id: `J-${10_000 + n}`, text })}\n`);
}
