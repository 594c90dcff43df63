// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/relaunch.h"

#include <QFile>
#include <QProcess>

#include <vector>

#ifdef Q_OS_UNIX
#include <unistd.h>
#endif

namespace yarrow {

bool relaunch(const QString& program, const QStringList& arguments)
{
#ifdef Q_OS_UNIX
    std::vector<QByteArray> words{QFile::encodeName(program)};
    for (const QString& argument : arguments)
        words.push_back(argument.toLocal8Bit());
    std::vector<char*> pointers;
    for (QByteArray& word : words)
        pointers.push_back(word.data());
    pointers.push_back(nullptr);
    execv(pointers.front(), pointers.data());
    return false;
#else
    return QProcess::startDetached(program, arguments);
#endif
}

} // namespace yarrow
