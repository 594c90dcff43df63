<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>yarrow::NewClinicPage</name>
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
    <name>yarrow::SignInPage</name>
    <message numerus="yes">
        <source>Too many attempts. You can try again in %n seconds.</source>
        <translation>
            <numerusform>Too many attempts. You can try again in %n second.</numerusform>
            <numerusform>Too many attempts. You can try again in %n seconds.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>yarrow::StatusLine</name>
    <message numerus="yes">
        <source>On this workstation only · %n changes kept here</source>
        <translation>
            <numerusform>On this workstation only · %n change kept here</numerusform>
            <numerusform>On this workstation only · %n changes kept here</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n changes not sent yet, kept here</source>
        <translation>
            <numerusform>%n change not sent yet, kept here</numerusform>
            <numerusform>%n changes not sent yet, kept here</numerusform>
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
</context>
</TS>
