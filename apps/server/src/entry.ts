import { explain, serve } from './serve.ts';

serve().catch((error) => {
  console.error(explain(error));
  process.exit(1);
});
