/** Answers how many ms of processor time this process used since; unlike the clock, it does not count the wait of a busy machine. */
export function startCpuTimer(): () => number {
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  };
}
