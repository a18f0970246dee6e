import { rubric } from '@firebreak/contract/prepare/rubric';
import { type SeverityTable, SHIPPED_TABLE } from '@firebreak/core/prepare/rubric';
import { useAsk } from '../../app/ask.ts';

/** The severity table in force; the one as delivered until it is here. The server decides by its own in any case. */
export function useTable(): SeverityTable {
  const { data } = useAsk(rubric.current, {});
  return (data?.current.table as SeverityTable | undefined) ?? SHIPPED_TABLE;
}
