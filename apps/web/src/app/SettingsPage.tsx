import { Settings } from '../prepare/people/Settings.tsx';
import { Subscriptions } from '../respond/links/Subscriptions.tsx';

/** Settings, with the tools that are told what happens. */
export function SettingsPage() {
  return (
    <Settings>
      <Subscriptions />
    </Settings>
  );
}
