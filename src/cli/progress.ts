/** "12/40 rapport.pdf": files take seconds, sometimes minutes. On the other output, so that what is printed stays whole. */
export const showProgress = ({ done, total, file }: { done: number; total: number; file: string }): void => {
  console.error(`${String(done)}/${String(total)} ${file}`);
};
