import { RubricPage } from '../prepare/rubric/RubricPage.tsx';
import { TryOnPast } from '../respond/incidents/TryOnPast.tsx';

/** The severity table, with past incidents to try a changed one on. */
export function SeverityPage() {
  return <RubricPage tryOut={(table) => <TryOnPast table={table} />} />;
}
