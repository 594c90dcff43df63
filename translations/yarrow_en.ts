<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>yarrow::Frame</name>
    <message numerus="yes">
        <source>%n wait for a decision</source>
        <translation>
            <numerusform>%n waits for a decision</numerusform>
            <numerusform>%n wait for a decision</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>yarrow::InboxPage</name>
    <message numerus="yes">
        <source>%n more concern records that your role may not see.</source>
        <translation>
            <numerusform>%n more concerns a record that your role may not see.</numerusform>
            <numerusform>%n more concern records that your role may not see.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n wait for a decision</source>
        <translation>
            <numerusform>%n waits for a decision</numerusform>
            <numerusform>%n wait for a decision</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>yarrow::NewPassword</name>
    <message numerus="yes">
        <source>At least 12 characters: %n so far.</source>
        <translation>
            <numerusform>At least 12 characters: %n so far.</numerusform>
            <numerusform>At least 12 characters: %n so far.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>yarrow::PatientFinder</name>
    <message numerus="yes">
        <source>The first %n found</source>
        <translation>
            <numerusform>The first found</numerusform>
            <numerusform>The first %n found</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n found</source>
        <translation>
            <numerusform>%n found</numerusform>
            <numerusform>%n found</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>yarrow::RefusalCard</name>
    <message numerus="yes">
        <source>sent %n times</source>
        <translation>
            <numerusform>sent %n time</numerusform>
            <numerusform>sent %n times</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>yarrow::Countdown</name>
    <message numerus="yes">
        <source>Too many attempts. You can try again in %n seconds.</source>
        <translation>
            <numerusform>Too many attempts. You can try again in %n second.</numerusform>
            <numerusform>Too many attempts. You can try again in %n seconds.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>yarrow::SyncCentre</name>
    <message numerus="yes">
        <source>%n are sent again with the next exchange.</source>
        <translation>
            <numerusform>%n is sent again with the next exchange.</numerusform>
            <numerusform>%n are sent again with the next exchange.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n changes, on this workstation only.</source>
        <translation>
            <numerusform>%n change, on this workstation only.</numerusform>
            <numerusform>%n changes, on this workstation only.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>And %n more.</source>
        <translation>
            <numerusform>And %n more.</numerusform>
            <numerusform>And %n more.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n more concern records that your role may not see.</source>
        <translation>
            <numerusform>%n more concerns a record that your role may not see.</numerusform>
            <numerusform>%n more concern records that your role may not see.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n more are in the inbox.</source>
        <translation>
            <numerusform>%n more is in the inbox.</numerusform>
            <numerusform>%n more are in the inbox.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n changes are in the file. The clinic&apos;s recovery code opens it, and no password does.</source>
        <translation>
            <numerusform>%n change is in the file. The clinic&apos;s recovery code opens it, and no password does.</numerusform>
            <numerusform>%n changes are in the file. The clinic&apos;s recovery code opens it, and no password does.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>yarrow::Texts</name>
    <message numerus="yes">
        <source>%n years</source>
        <translation>
            <numerusform>%n year</numerusform>
            <numerusform>%n years</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n months</source>
        <translation>
            <numerusform>%n month</numerusform>
            <numerusform>%n months</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n days</source>
        <translation>
            <numerusform>%n day</numerusform>
            <numerusform>%n days</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n changes kept here</source>
        <translation>
            <numerusform>%n change kept here</numerusform>
            <numerusform>%n changes kept here</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Offline since %1, %n changes kept here</source>
        <translation>
            <numerusform>Offline since %1, %n change kept here</numerusform>
            <numerusform>Offline since %1, %n changes kept here</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Sending %n</source>
        <translation>
            <numerusform>Sending %n</numerusform>
            <numerusform>Sending %n</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n to send</source>
        <translation>
            <numerusform>%n to send</numerusform>
            <numerusform>%n to send</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n conflicts</source>
        <translation>
            <numerusform>%n conflict</numerusform>
            <numerusform>%n conflicts</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n refused</source>
        <translation>
            <numerusform>%n refused</numerusform>
            <numerusform>%n refused</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n received</source>
        <translation>
            <numerusform>%n received</numerusform>
            <numerusform>%n received</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n sent</source>
        <translation>
            <numerusform>%n sent</numerusform>
            <numerusform>%n sent</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n brought together</source>
        <translation>
            <numerusform>%n brought together</numerusform>
            <numerusform>%n brought together</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>yarrow::ImpactBox</name>
    <message numerus="yes">
        <source>%n coming appointment(s) would be outside of hours.</source>
        <translation>
            <numerusform>%n coming appointment would be outside of hours.</numerusform>
            <numerusform>%n coming appointments would be outside of hours.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>and %n more</numerusform>
            <numerusform>and %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>yarrow::SetupPage</name>
    <message numerus="yes">
        <source>%n minute(s)</source>
        <translation>
            <numerusform>%n minute</numerusform>
            <numerusform>%n minutes</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>yarrow::When</name>
    <message numerus="yes">
        <source>%n day(s)</source>
        <translation>
            <numerusform>%n day</numerusform>
            <numerusform>%n days</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>WaitingTexts</name>
    <message numerus="yes">
        <source>%n day(s) of notice</source>
        <translation>
            <numerusform>%n day of notice</numerusform>
            <numerusform>%n days of notice</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>waiting for %n day(s)</source>
        <translation>
            <numerusform>waiting for %n day</numerusform>
            <numerusform>waiting for %n days</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>yarrow::DayDesk</name>
    <message numerus="yes">
        <source>%n other(s) would take it too.</source>
        <translation>
            <numerusform>%n other would take it too.</numerusform>
            <numerusform>%n others would take it too.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Discard all %n that you began</source>
        <translation>
            <numerusform>Discard the one that you began</numerusform>
            <numerusform>Discard all %n that you began</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>yarrow::MonthView</name>
    <message numerus="yes">
        <source>%n visit(s) on the chosen day</source>
        <translation>
            <numerusform>%n visit on the chosen day</numerusform>
            <numerusform>%n visits on the chosen day</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>yarrow::ErasurePanel</name>
    <message numerus="yes">
        <source>%n record(s) are erased.</source>
        <translation>
            <numerusform>%n record is erased.</numerusform>
            <numerusform>%n records are erased.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n record(s) of payments stay, as the law demands.</source>
        <translation>
            <numerusform>%n record of payments stays, as the law demands.</numerusform>
            <numerusform>%n records of payments stay, as the law demands.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n record(s) stay because they are about other patients as well.</source>
        <translation>
            <numerusform>%n record stays because it is about other patients as well.</numerusform>
            <numerusform>%n records stay because they are about other patients as well.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>yarrow::RepeatSection</name>
    <message numerus="yes">
        <source> days</source>
        <comment>after a number</comment>
        <translation>
            <numerusform> day</numerusform>
            <numerusform> days</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source> weeks</source>
        <comment>after a number</comment>
        <translation>
            <numerusform> week</numerusform>
            <numerusform> weeks</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source> months</source>
        <comment>after a number</comment>
        <translation>
            <numerusform> month</numerusform>
            <numerusform> months</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>CalendarTexts</name>
    <message numerus="yes">
        <source>Booked %n visits again.</source>
        <translation>
            <numerusform>Booked %n visit again.</numerusform>
            <numerusform>Booked %n visits again.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Booked %n visits of %1.</source>
        <translation>
            <numerusform>Booked %n visit of %1.</numerusform>
            <numerusform>Booked %n visits of %1.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Booked %n visits one after the other, the first for %1.</source>
        <translation>
            <numerusform>Booked %n visit for %1.</numerusform>
            <numerusform>Booked %n visits one after the other, the first for %1.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Cancelled %n visits of %1. Ctrl+Z brings them back.</source>
        <translation>
            <numerusform>Cancelled %n visit of %1. Ctrl+Z brings it back.</numerusform>
            <numerusform>Cancelled %n visits of %1. Ctrl+Z brings them back.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Changed %n visits again.</source>
        <translation>
            <numerusform>Changed %n visit again.</numerusform>
            <numerusform>Changed %n visits again.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Changed %n visits of %1.</source>
        <translation>
            <numerusform>Changed %n visit of %1.</numerusform>
            <numerusform>Changed %n visits of %1.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The %n visits are as they were.</source>
        <translation>
            <numerusform>The visit is as it was.</numerusform>
            <numerusform>The %n visits are as they were.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The booking of %n visits was taken back.</source>
        <translation>
            <numerusform>The booking of %n visit was taken back.</numerusform>
            <numerusform>The booking of %n visits was taken back.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SeriesTexts</name>
    <message numerus="yes">
        <source>%n visits, from %1 to %2.</source>
        <translation>
            <numerusform>%n visit, from %1 to %2.</numerusform>
            <numerusform>%n visits, from %1 to %2.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Every %n days.</source>
        <translation>
            <numerusform>Every day.</numerusform>
            <numerusform>Every %n days.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Every %n weeks on %1.</source>
        <translation>
            <numerusform>Every week on %1.</numerusform>
            <numerusform>Every %n weeks on %1.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>On day %1 of every %n months.</source>
        <translation>
            <numerusform>On day %1 of every month.</numerusform>
            <numerusform>On day %1 of every %n months.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>On the first %1 of every %n months.</source>
        <translation>
            <numerusform>On the first %1 of every month.</numerusform>
            <numerusform>On the first %1 of every %n months.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>On the second %1 of every %n months.</source>
        <translation>
            <numerusform>On the second %1 of every month.</numerusform>
            <numerusform>On the second %1 of every %n months.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>On the third %1 of every %n months.</source>
        <translation>
            <numerusform>On the third %1 of every month.</numerusform>
            <numerusform>On the third %1 of every %n months.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>On the fourth %1 of every %n months.</source>
        <translation>
            <numerusform>On the fourth %1 of every month.</numerusform>
            <numerusform>On the fourth %1 of every %n months.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>On the last %1 of every %n months.</source>
        <translation>
            <numerusform>On the last %1 of every month.</numerusform>
            <numerusform>On the last %1 of every %n months.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>On the last day of every %n months.</source>
        <translation>
            <numerusform>On the last day of every month.</numerusform>
            <numerusform>On the last day of every %n months.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>yarrow::DuplicateWorklist</name>
    <message numerus="yes">
        <source>%n patient(s) still to be compared with the others.</source>
        <translation>
            <numerusform>%n patient still to be compared with the others.</numerusform>
            <numerusform>%n patients still to be compared with the others.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Merged into the record of %1; %n other record(s) moved.</source>
        <translation>
            <numerusform>Merged into the record of %1; %n other record moved.</numerusform>
            <numerusform>Merged into the record of %1; %n other records moved.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>yarrow::SeriesPreview</name>
    <message numerus="yes">
        <source>%n visits were moved on their own and keep their time.</source>
        <translation>
            <numerusform>%n visit was moved on its own and keeps its time.</numerusform>
            <numerusform>%n visits were moved on their own and keep their time.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n visits, and nothing is in their way.</source>
        <translation>
            <numerusform>%n visit, and nothing is in its way.</numerusform>
            <numerusform>%n visits, and nothing is in their way.</numerusform>
        </translation>
    </message>
</context>
</TS>
