// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/error.h"
#include "gui/session/workspace.h"

#include <QString>
#include <QStringList>

#include <string>
#include <string_view>
#include <vector>

namespace postern::gui {

/// What a file would bring.
struct ImportPreview
{
    QString name; ///< of the file
    QString kind; ///< "configuration of APISIX (apisix.yaml)"
    std::vector<Edit> edits;
    QStringList counts; ///< "2 consumers"
    QStringList warnings; ///< what is left out
    QStringList faults; ///< of each object that is not valid, and not among the edits
};

/// Reads postern.yaml, apisix.yaml, apisix.json; of kong.yml and adc.yaml the consumers and their
/// credentials. Blocks: not for the main thread. The file decides by its name and content.
/// \return the preview, or a sentence for people: Unsupported (a picture, a folder, something
/// else), NotFound, Io, or what is wrong with the file
[[nodiscard]] Result<ImportPreview> readImport(const QString &path);

/// A configuration of Postern's own that is part of the program.
/// \param path ":/postern/samples/petstore.yaml"
[[nodiscard]] Result<std::vector<Edit>> readSample(const QString &path);

} // namespace postern::gui
